-- The outbox of a sink: in order per incident.

-- Behind what waits for the same incident; due at once where nothing does.
local function enqueue(due, births, queue, id, incident, born, at)
  redis.call('ZADD', births, born, id)
  if redis.call('RPUSH', queue, id) == 1 then
    redis.call('ZADD', due, at, incident)
  end
end

local function entry_of(prefix, id)
  local kept = redis.call('HMGET', prefix .. id, 'handover', 'attempts', 'answer')
  return { id, kept[1], kept[2], kept[3] }
end

-- Takes heads that are due and keeps them from being taken again until the lease is over. At most one per incident.
-- Answers a list of {id, handover, attempts, answer}.
-- KEYS[1] due
-- ARGS[1] prefix of the queues
-- ARGS[2] prefix of the entries
-- ARGS[3] now
-- ARGS[4] until when the lease runs
-- ARGS[5] at most so many
-- ARGS[6] the taking controller
local function take_due(keys, args)
  local taken = {}
  for _, incident in ipairs(redis.call('ZRANGE', keys[1], '-inf', args[3], 'BYSCORE', 'LIMIT', 0, args[5])) do
    local id = redis.call('LINDEX', args[1] .. incident, 0)
    redis.call('ZADD', keys[1], args[4], incident)
    redis.call('HSET', args[2] .. id, 'holder', args[6])
    taken[#taken + 1] = entry_of(args[2], id)
  end
  return taken
end

-- Takes an entry out of its incident's queue; what follows a head is due at once. False where it does not wait.
local function take_out(due, births, queues, entries, id, at)
  if redis.call('ZREM', births, id) == 0 then return false end
  local incident = redis.call('HGET', entries .. id, 'incident')
  local queue = queues .. incident
  local was_head = redis.call('LINDEX', queue, 0) == id
  redis.call('LREM', queue, 1, id)
  if redis.call('LLEN', queue) == 0 then
    redis.call('ZREM', due, incident)
  elseif was_head then
    redis.call('ZADD', due, at, incident)
  end
  return true
end

-- The sink has it: the entry is forgotten, the next of its incident is due. Unknown or buried entries are left alone.
-- KEYS[1] due
-- KEYS[2] births
-- ARGS[1] prefix of the queues
-- ARGS[2] prefix of the entries
-- ARGS[3] id
-- ARGS[4] when
local function delivered(keys, args)
  if not take_out(keys[1], keys[2], args[1], args[2], args[3], args[4]) then return 0 end
  redis.call('DEL', args[2] .. args[3])
  return 1
end

-- A failed attempt: counted, and due again at the given instant, unless another controller holds the lease by now.
-- KEYS[1] due
-- KEYS[2] births
-- ARGS[1] prefix of the queues
-- ARGS[2] prefix of the entries
-- ARGS[3] id
-- ARGS[4] when it is due again
-- ARGS[5] what the sink said
-- ARGS[6] the controller that tried
local function retry_at(keys, args)
  if not redis.call('ZSCORE', keys[2], args[3]) then return 0 end
  local entry = args[2] .. args[3]
  local incident = redis.call('HGET', entry, 'incident')
  if redis.call('LINDEX', args[1] .. incident, 0) ~= args[3] then return 0 end
  redis.call('HINCRBY', entry, 'attempts', 1)
  redis.call('HSET', entry, 'answer', args[5])
  local holder = redis.call('HGET', entry, 'holder')
  if holder and holder ~= args[6] then return 1 end
  redis.call('HDEL', entry, 'holder')
  redis.call('ZADD', keys[1], args[4], incident)
  return 1
end

-- Out of the outbox, kept for a person; the next of its incident is due. Entries that do not wait are left alone.
-- KEYS[1] due
-- KEYS[2] births
-- KEYS[3] dead
-- ARGS[1] prefix of the queues
-- ARGS[2] prefix of the entries
-- ARGS[3] id
-- ARGS[4] when
-- ARGS[5] what the sink said
local function bury(keys, args)
  if not take_out(keys[1], keys[2], args[1], args[2], args[3], args[4]) then return 0 end
  local entry = args[2] .. args[3]
  redis.call('HINCRBY', entry, 'attempts', 1)
  redis.call('HSET', entry, 'answer', args[5])
  redis.call('HDEL', entry, 'holder')
  redis.call('ZADD', keys[3], args[4], args[3])
  return 1
end

-- A buried entry back into the outbox, behind what waits for its incident, its attempts counted anew: a person wants it tried as a
-- fresh one is. Answers 0 where it is not buried.
-- KEYS[1] due
-- KEYS[2] births
-- KEYS[3] dead
-- ARGS[1] prefix of the queues
-- ARGS[2] prefix of the entries
-- ARGS[3] id
-- ARGS[4] when
local function resend(keys, args)
  if redis.call('ZREM', keys[3], args[3]) == 0 then return 0 end
  local kept = redis.call('HMGET', args[2] .. args[3], 'incident', 'at')
  redis.call('HSET', args[2] .. args[3], 'attempts', 0)
  enqueue(keys[1], keys[2], args[1] .. kept[1], args[3], kept[1], kept[2], args[4])
  return 1
end

-- Buried entries, the last buried first. Answers a list of {id, handover, attempts, answer, when buried}.
-- KEYS[1] dead
-- ARGS[1] prefix of the entries
-- ARGS[2] at most so many
local function dead_letters(keys, args)
  local found = {}
  if tonumber(args[2]) < 1 then return found end
  local dead = redis.call('ZRANGE', keys[1], 0, tonumber(args[2]) - 1, 'REV', 'WITHSCORES')
  for n = 1, #dead, 2 do
    local entry = entry_of(args[1], dead[n])
    entry[5] = dead[n + 1]
    found[#found + 1] = entry
  end
  return found
end

redis.register_function('intake110_VERSION_take_due', take_due)
redis.register_function('intake110_VERSION_delivered', delivered)
redis.register_function('intake110_VERSION_retry_at', retry_at)
redis.register_function('intake110_VERSION_bury', bury)
redis.register_function('intake110_VERSION_resend', resend)
redis.register_function({ function_name = 'intake110_VERSION_dead_letters', callback = dead_letters, flags = { 'no-writes' } })
