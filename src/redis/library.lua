#!lua name=intake110_VERSION

-- Every step that must happen whole or not at all. VERSION is put in by library.ts from the texts of all these files, which it joins
-- into one, so that controllers of different versions can share one Redis. Nothing draws by chance, and lives.lua alone reads a clock. Keys that
-- are only known here (an incident's queue, an entry) are a prefix given by the caller and an id, under the same hash tag as the
-- declared keys. This file: what the others share, and the one reading of documents.

local function revision_of(key)
  return tonumber(redis.call('HGET', key, 'revision') or '0')
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

redis.register_function({ function_name = 'intake110_VERSION_documents', callback = documents, flags = { 'no-writes' } })
