-- The roster of volunteers.

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

redis.register_function('intake110_VERSION_replace_roster', replace_roster)
