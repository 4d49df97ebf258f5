#!lua name=intake110_VERSION

-- Every step that must happen whole or not at all. VERSION is put in by library.ts from this file's own text, so that controllers
-- of different versions can share one Redis. Nothing here reads a clock or draws by chance. Keys that are only known here (an
-- incident's queue, an entry) are a prefix given by the caller and an id, under the same hash tag as the declared keys.

local SAMPLES_KEPT = 200

local function push_sample(list, sample)
  redis.call('RPUSH', list, sample)
  redis.call('LTRIM', list, -SAMPLES_KEPT, -1)
end

-- Everything derived from a call. facts: id, revision, inLine, live, wait (text or nil), services (list of texts).
local function save_call(key, value, ticket, facts, index)
  redis.call('HSET', key, 'revision', facts.revision, 'value', value)
  redis.call('ZADD', index.calls, ticket, facts.id)
  if facts.live then
    redis.call('ZADD', index.live, ticket, facts.id)
  else
    redis.call('ZREM', index.live, facts.id)
  end
  if facts.inLine then
    redis.call('ZADD', index.line, ticket, facts.id)
  else
    redis.call('ZREM', index.line, facts.id)
  end
  if facts.wait and redis.call('HSETNX', key, 'wait-counted', '1') == 1 then
    push_sample(index.waits, facts.wait)
  end
  local counted = tonumber(redis.call('HGET', key, 'services-counted') or '0')
  for n = counted + 1, #facts.services do
    push_sample(index.services, facts.services[n])
  end
  if #facts.services > counted then
    redis.call('HSET', key, 'services-counted', #facts.services)
  end
end

-- Draws the ticket and saves the call with its first journal entry, in the order of arrival at Redis. A call of this id that
-- exists is answered as it is, and no ticket is drawn. Answers the call's value.
-- KEYS[1] the call
-- KEYS[2] last ticket
-- KEYS[3] calls
-- KEYS[4] live calls
-- KEYS[5] line
-- KEYS[6] service times
-- KEYS[7] waits
-- KEYS[8] journal
-- ARGS[1] facts of the call, JSON
-- ARGS[2] the call's value, with the mark where the ticket belongs
-- ARGS[3] the journal entry, likewise
-- ARGS[4] the mark: letters and digits that occur nowhere else
-- ARGS[5] journal length
local function admit(keys, args)
  local known = redis.call('HGET', keys[1], 'value')
  if known then return known end
  local ticket = string.format('%.0f', redis.call('INCR', keys[2]))
  local value = string.gsub(args[2], args[4], ticket)
  local entry = string.gsub(args[3], args[4], ticket)
  local index = { calls = keys[3], live = keys[4], line = keys[5], services = keys[6], waits = keys[7] }
  save_call(keys[1], value, ticket, cjson.decode(args[1]), index)
  redis.call('XADD', keys[8], 'MAXLEN', '~', args[5], '*', 'entry', entry)
  return value
end

local function revision_of(key)
  return tonumber(redis.call('HGET', key, 'revision') or '0')
end

-- The first reason against a commit, or nil. An owner other than `instance` comes before any revision.
local function objection(keys, plan)
  local call = plan.call
  if call then
    local owner = redis.call('HGET', keys[call.key], 'owner')
    if owner and owner ~= plan.instance then return { 'fenced' } end
    if revision_of(keys[call.key]) ~= call.from then return { 'stale', 'call', call.facts.id } end
  end
  for _, taker in ipairs(plan.callTakers) do
    if revision_of(keys[taker.key]) ~= taker.from then return { 'stale', 'call-taker', taker.id } end
  end
  for _, volunteer in ipairs(plan.volunteers) do
    if revision_of(keys[volunteer.key]) ~= volunteer.from then return { 'stale', 'volunteer', volunteer.id } end
  end
  for _, incident in ipairs(plan.incidents) do
    if revision_of(keys[incident.key]) ~= incident.from then return { 'stale', 'incident', incident.id } end
  end
  return nil
end

local function save_incident(keys, args, incident)
  local key = keys[incident.key]
  for _, index in ipairs(cjson.decode(redis.call('HGET', key, 'indexes') or '[]')) do
    redis.call('ZREM', index, incident.id)
  end
  local indexes = {}
  for n, index in ipairs(incident.indexes) do
    indexes[n] = keys[index]
    redis.call('ZADD', keys[index], 0, incident.id)
  end
  redis.call('HSET', key, 'revision', incident.revision, 'value', args[incident.value], 'indexes', cjson.encode(indexes))
end

-- One who has left the roster is taken out once free.
local function save_volunteer(key, index, volunteer, value)
  if volunteer.free and redis.call('HEXISTS', key, 'leaves') == 1 then
    redis.call('DEL', key)
    redis.call('ZREM', index, volunteer.id)
    return
  end
  redis.call('HSET', key, 'revision', volunteer.revision, 'value', value)
  redis.call('ZADD', index, 0, volunteer.id)
end

-- Behind what waits for the same incident; due at once where nothing does.
local function enqueue(due, births, queue, id, incident, born, at)
  redis.call('ZADD', births, born, id)
  if redis.call('RPUSH', queue, id) == 1 then
    redis.call('ZADD', due, at, incident)
  end
end

-- Saves everything of one step or nothing of it. Saved before under the same commit id: answers 'saved' and changes nothing.
-- Answers {'saved'}, {'fenced'} or {'stale', what, id}.
-- KEYS[1] the commit's memory
-- KEYS[2] journal
-- KEYS[3] calls
-- KEYS[4] live calls
-- KEYS[5] line
-- KEYS[6] service times
-- KEYS[7] waits
-- KEYS[8] call takers
-- KEYS[9] volunteers
-- KEYS[…] what the plan names by its number in KEYS
-- ARGS[1] the plan, JSON: what changes from which revision; numbers in it point into KEYS and ARGS (commit.ts makes it)
-- ARGS[2] journal length
-- ARGS[3] milliseconds for which the commit is remembered
-- ARGS[…] values and journal entries, JSON, kept as they are
local function commit(keys, args)
  if redis.call('EXISTS', keys[1]) == 1 then return { 'saved' } end
  local plan = cjson.decode(args[1])
  local against = objection(keys, plan)
  if against then return against end

  local call = plan.call
  if call then
    local index = { calls = keys[3], live = keys[4], line = keys[5], services = keys[6], waits = keys[7] }
    save_call(keys[call.key], args[call.value], call.ticket, call.facts, index)
    redis.call('HSETNX', keys[call.key], 'owner', plan.instance)
  end
  for _, taker in ipairs(plan.callTakers) do
    redis.call('HSET', keys[taker.key], 'revision', taker.revision, 'value', args[taker.value])
    redis.call('ZADD', keys[8], 0, taker.id)
  end
  for _, volunteer in ipairs(plan.volunteers) do
    save_volunteer(keys[volunteer.key], keys[9], volunteer, args[volunteer.value])
  end
  for _, incident in ipairs(plan.incidents) do
    save_incident(keys, args, incident)
  end
  for _, entry in ipairs(plan.journal) do
    redis.call('XADD', keys[2], 'MAXLEN', '~', args[2], '*', 'entry', args[entry])
  end
  for _, handover in ipairs(plan.handovers) do
    for _, sink in ipairs(handover.sinks) do
      local entry = keys[sink.entry]
      if redis.call('EXISTS', entry) == 0 then
        redis.call('HSET', entry, 'handover', args[handover.value], 'incident', handover.incident, 'at', handover.at, 'attempts', 0)
        enqueue(keys[sink.due], keys[sink.births], keys[sink.queue], handover.id, handover.incident, handover.at, handover.at)
      end
    end
  end
  redis.call('SET', keys[1], '1', 'PX', args[3])
  return { 'saved' }
end

-- The roster becomes the list, unless a volunteer has come, gone or taken a step since the list was laid over the roster as it was.
-- Answers 'saved' or 'stale'.
-- KEYS[1] volunteers
-- KEYS[2] journal
-- ARGS[1] prefix of the volunteers' keys
-- ARGS[2] the plan, JSON: known (id, revision), on (id, revision; `value` points into ARGS), off (id, free)
-- ARGS[3] journal entry
-- ARGS[4] journal length
-- ARGS[…] volunteers, JSON, kept as they are
local function replace_roster(keys, args)
  local prefix, plan = args[1], cjson.decode(args[2])
  if redis.call('ZCARD', keys[1]) ~= #plan.known then return 'stale' end
  for _, volunteer in ipairs(plan.known) do
    if revision_of(prefix .. volunteer.id) ~= volunteer.revision then return 'stale' end
  end
  for _, volunteer in ipairs(plan.on) do
    redis.call('HSET', prefix .. volunteer.id, 'revision', volunteer.revision, 'value', args[volunteer.value])
    redis.call('HDEL', prefix .. volunteer.id, 'leaves')
    redis.call('ZADD', keys[1], 0, volunteer.id)
  end
  for _, volunteer in ipairs(plan.off) do
    if volunteer.free then
      redis.call('DEL', prefix .. volunteer.id)
      redis.call('ZREM', keys[1], volunteer.id)
    else
      redis.call('HSET', prefix .. volunteer.id, 'leaves', '1')
    end
  end
  redis.call('XADD', keys[2], 'MAXLEN', '~', args[4], '*', 'entry', args[3])
  return 'saved'
end

-- The documents an index names, in its order: id, value, id, value, …; a value is nil where the document is missing.
-- KEYS[1] the index, a sorted set
-- ARGS[1] prefix of the documents' keys
-- ARGS[…] what follows the key in ZRANGE
local function documents(keys, args)
  local found = {}
  for _, id in ipairs(redis.call('ZRANGE', keys[1], unpack(args, 2))) do
    found[#found + 1] = id
    found[#found + 1] = redis.call('HGET', args[1] .. id, 'value')
  end
  return found
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

redis.register_function('intake110_VERSION_admit', admit)
redis.register_function('intake110_VERSION_commit', commit)
redis.register_function('intake110_VERSION_replace_roster', replace_roster)
redis.register_function('intake110_VERSION_take_due', take_due)
redis.register_function('intake110_VERSION_delivered', delivered)
redis.register_function('intake110_VERSION_retry_at', retry_at)
redis.register_function('intake110_VERSION_bury', bury)
redis.register_function('intake110_VERSION_resend', resend)
redis.register_function({ function_name = 'intake110_VERSION_documents', callback = documents, flags = { 'no-writes' } })
redis.register_function({ function_name = 'intake110_VERSION_dead_letters', callback = dead_letters, flags = { 'no-writes' } })
