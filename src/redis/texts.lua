-- Texts as they came, the threads they are taken into, and what carriers report of ours.

-- Keeps a text among the unread ones, unless it is known already by the carrier's name and what it says. Answers 'kept' or 'repeated'.
-- KEYS[1] the text
-- KEYS[2] unread texts
-- KEYS[3] journal
-- KEYS[4] memory of the carrier's name and what it stood for, where it has one
-- ARGS[1] id
-- ARGS[2] the text, JSON
-- ARGS[3] when it was received
-- ARGS[4] journal entry
-- ARGS[5] journal length
-- ARGS[6] milliseconds for which the carrier's name is remembered
local function keep_text(keys, args)
  if keys[4] and not redis.call('SET', keys[4], args[1], 'NX', 'PX', args[6]) then return 'repeated' end
  redis.call('HSET', keys[1], 'value', args[2])
  redis.call('ZADD', keys[2], args[3], args[1])
  redis.call('XADD', keys[3], 'MAXLEN', '~', args[5], '*', 'entry', args[4])
  return 'kept'
end

-- Everything derived from a thread. thread: key, id, revision, value, places ({key, score, name} in sorted sets), named (key) and
-- carriers ({key, text}: what the carrier calls a text of ours). The places of the version before are given up first; a carrier's
-- name is told once, so that one the carrier uses again later stays with the later text.
local function save_thread(keys, args, thread, remembered)
  local key = keys[thread.key]
  for _, place in ipairs(cjson.decode(redis.call('HGET', key, 'places') or '[]')) do
    redis.call('ZREM', place[1], place[2])
  end
  local places = {}
  for n, place in ipairs(thread.places) do
    redis.call('ZADD', keys[place.key], place.score, place.name)
    places[n] = { keys[place.key], place.name }
  end
  for _, carrier in ipairs(thread.carriers) do
    if redis.call('SADD', keys[thread.named], carrier.key) == 1 then
      redis.call('SET', carrier.key, carrier.text, 'PX', remembered)
    end
  end
  redis.call('HSET', key, 'revision', thread.revision, 'value', args[thread.value], 'places', cjson.encode(places))
end

-- The text of ours that a report speaks of, or nil; then the report is kept for a while, the same one once.
-- KEYS[1] the carrier's name of the text
-- KEYS[2] early reports by that name
-- KEYS[3] journal
-- ARGS[1] the report, JSON
-- ARGS[2] milliseconds for which it is kept
-- ARGS[3] at most so many are kept, the latest
-- ARGS[4] journal entry
-- ARGS[5] journal length
local function take_report(keys, args)
  local text = redis.call('GET', keys[1])
  if text then return text end
  if not redis.call('LPOS', keys[2], args[1]) then
    redis.call('RPUSH', keys[2], args[1])
    redis.call('LTRIM', keys[2], -tonumber(args[3]), -1)
    redis.call('XADD', keys[3], 'MAXLEN', '~', args[5], '*', 'entry', args[4])
  end
  redis.call('PEXPIRE', keys[2], args[2])
  return nil
end

-- Early reports by the carrier's names of texts, which are forgotten with this answer.
-- KEYS[…] early reports
local function early_reports(keys)
  local found = {}
  for _, key in ipairs(keys) do
    for _, report in ipairs(redis.call('LRANGE', key, 0, -1)) do
      found[#found + 1] = report
    end
    redis.call('DEL', key)
  end
  return found
end

redis.register_function('intake110_VERSION_keep_text', keep_text)
redis.register_function('intake110_VERSION_take_report', take_report)
redis.register_function('intake110_VERSION_early_reports', early_reports)
