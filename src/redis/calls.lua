-- Calls and their line.

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

-- Draws the ticket and saves the call with its first journal entry, in the order of arrival at Redis; who draws owns it. A call of this
-- id that exists is answered as it is, and no ticket is drawn; one that is over and whose owner is gone changes hands.
-- Answers the call's value and whether the asker owns it.
-- KEYS[1] the call
-- KEYS[2] last ticket
-- KEYS[3] calls
-- KEYS[4] live calls
-- KEYS[5] line
-- KEYS[6] service times
-- KEYS[7] waits
-- KEYS[8] journal
-- KEYS[9] lives
-- ARGS[1] facts of the call, JSON
-- ARGS[2] the call's value, with the mark where the ticket belongs
-- ARGS[3] the journal entry, likewise
-- ARGS[4] the mark: letters and digits that occur nowhere else
-- ARGS[5] journal length
-- ARGS[6] the asker's life
-- ARGS[7] the call's id
local function admit(keys, args)
  local known = redis.call('HMGET', keys[1], 'value', 'owner')
  if known[1] then
    local is_over = not redis.call('ZSCORE', keys[4], args[7])
    local is_orphan = not known[2] or (is_over and lease_of(keys[9], known[2]) <= now_ms())
    if is_orphan then redis.call('HSET', keys[1], 'owner', args[6]) end
    return { known[1], (is_orphan or known[2] == args[6]) and 'ours' or 'theirs' }
  end
  local ticket = string.format('%.0f', redis.call('INCR', keys[2]))
  local value = string.gsub(args[2], args[4], ticket)
  local entry = string.gsub(args[3], args[4], ticket)
  local index = { calls = keys[3], live = keys[4], line = keys[5], services = keys[6], waits = keys[7] }
  save_call(keys[1], value, ticket, cjson.decode(args[1]), index)
  redis.call('HSET', keys[1], 'owner', args[6])
  redis.call('XADD', keys[8], 'MAXLEN', '~', args[5], '*', 'entry', entry)
  return { value, 'ours' }
end

redis.register_function('intake110_VERSION_admit', admit)
