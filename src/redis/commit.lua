-- One step of the control room.

-- The first reason against a commit, or nil. An owner other than this life comes before any revision.
local function objection(keys, plan)
  local call = plan.call
  if call then
    local owner = redis.call('HGET', keys[call.key], 'owner')
    if owner and owner ~= plan.life then return { 'fenced' } end
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
  for _, thread in ipairs(plan.threads) do
    if revision_of(keys[thread.key]) ~= thread.from then return { 'stale', 'thread', thread.id } end
  end
  local since = plan.noThreadSince
  if since and redis.call('ZCARD', keys[since.key]) ~= since.threads then return { 'stale', 'thread', 'another of the same number' } end
  for _, text in ipairs(plan.read) do
    if not redis.call('ZSCORE', keys[10], text.id) then return { 'stale', 'text', text.id } end
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
-- KEYS[10] unread texts
-- KEYS[…] what the plan names by its number in KEYS
-- ARGS[1] the plan, JSON: what changes from which revision; numbers in it point into KEYS and ARGS (commit.ts makes it)
-- ARGS[2] journal length
-- ARGS[3] milliseconds for which the commit is remembered
-- ARGS[4] milliseconds for which a carrier's name of a text is remembered
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
    redis.call('HSETNX', keys[call.key], 'owner', plan.life)
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
  for _, thread in ipairs(plan.threads) do
    save_thread(keys, args, thread, args[4])
  end
  for _, text in ipairs(plan.read) do
    redis.call('ZREM', keys[10], text.id)
    redis.call('DEL', keys[text.key])
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

redis.register_function('intake110_VERSION_commit', commit)
