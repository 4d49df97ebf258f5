-- The lives of controllers: who holds a lease, and whose calls are whose. The one file that reads a clock, and it is Redis' own.

local GIVEN_UP = 0
-- No lease is so long: Redis' clock was set back since it was given.
local TOO_FAR_MS = 60000

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- `one#7` is a life of `one`; an owner without a number is one too, from the days before lives.
local function instance_of(life)
  return (string.gsub(life, '#%d+$', ''))
end

local function lease_of(lives, life)
  return tonumber(redis.call('ZSCORE', lives, life) or '-1')
end

-- A new life of an instance. Answers 'taken', or the life.
-- KEYS[1] lives, by the end of their lease; 0: given up
-- KEYS[2] lives, by the moment from which their lease was never interrupted
-- KEYS[3] the last incarnation
-- KEYS[4] live calls
-- ARGS[1] instance
-- ARGS[2] lease, milliseconds
-- ARGS[3] 'start' or 'again'
-- ARGS[4] prefix of the calls' keys
local function join(keys, args)
  local instance, now = args[1], now_ms()
  local older = {}
  for _, life in ipairs(redis.call('ZRANGE', keys[1], '0', '-1')) do
    if instance_of(life) == instance then older[#older + 1] = life end
  end
  for _, life in ipairs(older) do
    if args[3] == 'again' and lease_of(keys[1], life) > now then return 'taken' end
  end
  for _, life in ipairs(older) do
    redis.call('ZREM', keys[1], life)
    redis.call('ZREM', keys[2], life)
  end
  local life = instance .. '#' .. string.format('%.0f', redis.call('INCR', keys[3]))
  redis.call('ZADD', keys[1], now + tonumber(args[2]), life)
  redis.call('ZADD', keys[2], now, life)
  for _, id in ipairs(redis.call('ZRANGE', keys[4], '0', '-1')) do
    local owner = redis.call('HGET', args[4] .. id, 'owner')
    if owner and instance_of(owner) == instance then redis.call('HSET', args[4] .. id, 'owner', life) end
  end
  return life
end

-- Answers {'lost'}, or {'held', number of other lives without a lease}.
-- KEYS[1], KEYS[2] as above
-- ARGS[1] life
-- ARGS[2] lease, milliseconds
local function renew(keys, args)
  local lease, now = redis.call('ZSCORE', keys[1], args[1]), now_ms()
  if not lease or tonumber(lease) == GIVEN_UP then return { 'lost' } end
  local since = redis.call('ZSCORE', keys[2], args[1])
  if tonumber(lease) <= now or not since or tonumber(since) > now then redis.call('ZADD', keys[2], now, args[1]) end
  for _, life in ipairs(redis.call('ZRANGEBYSCORE', keys[1], now + tonumber(args[2]) + TOO_FAR_MS, '+inf')) do
    redis.call('ZADD', keys[1], now + tonumber(args[2]), life)
  end
  redis.call('ZADD', keys[1], now + tonumber(args[2]), args[1])
  return { 'held', redis.call('ZCOUNT', keys[1], '-inf', now) }
end

-- KEYS[1] lives
-- ARGS[1] life
local function leave(keys, args)
  if redis.call('ZSCORE', keys[1], args[1]) then redis.call('ZADD', keys[1], GIVEN_UP, args[1]) end
  return 'left'
end

-- The calls of those who hold no lease become this life's. Answers their ids.
-- KEYS[1], KEYS[2] as above
-- KEYS[3] live calls
-- ARGS[1] life
-- ARGS[2] lease, milliseconds
-- ARGS[3] prefix of the calls' keys
local function adopt(keys, args)
  local life, now = args[1], now_ms()
  local lease, since = lease_of(keys[1], life), tonumber(redis.call('ZSCORE', keys[2], life) or '-1')
  local adopted = {}
  if not (lease > now) then return adopted end
  local is_steady = now - since >= tonumber(args[2])
  for _, id in ipairs(redis.call('ZRANGE', keys[3], '0', '-1')) do
    local owner = redis.call('HGET', args[3] .. id, 'owner')
    if owner ~= life then
      local until_ms = owner and redis.call('ZSCORE', keys[1], owner)
      local is_given_up = until_ms and tonumber(until_ms) == GIVEN_UP
      local is_lapsed = not until_ms or tonumber(until_ms) <= now
      if is_given_up or (is_steady and is_lapsed) then
        redis.call('HSET', args[3] .. id, 'owner', life)
        adopted[#adopted + 1] = id
      end
    end
  end
  for _, dead in ipairs(redis.call('ZRANGEBYSCORE', keys[1], '-inf', is_steady and now or GIVEN_UP)) do
    redis.call('ZREM', keys[1], dead)
    redis.call('ZREM', keys[2], dead)
  end
  return adopted
end

-- The live calls of a life in the order of their tickets: id, value, id, value, …
-- KEYS[1] live calls
-- ARGS[1] life
-- ARGS[2] prefix of the calls' keys
local function own_calls(keys, args)
  local found = {}
  for _, id in ipairs(redis.call('ZRANGE', keys[1], '0', '-1')) do
    local kept = redis.call('HMGET', args[2] .. id, 'owner', 'value')
    if kept[1] == args[1] then
      found[#found + 1] = id
      found[#found + 1] = kept[2]
    end
  end
  return found
end

redis.register_function('intake110_VERSION_join', join)
redis.register_function('intake110_VERSION_renew', renew)
redis.register_function('intake110_VERSION_leave', leave)
redis.register_function('intake110_VERSION_adopt', adopt)
redis.register_function({ function_name = 'intake110_VERSION_own_calls', callback = own_calls, flags = { 'no-writes' } })
