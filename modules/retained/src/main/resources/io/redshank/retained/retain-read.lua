-- Reads what is kept under one key, whatever it is, without ever failing.
-- KEYS[1] the key. ARGV[1] the longest payload wanted.
-- Answers nil if there is nothing, an array (fields and values of a hash), a number (a hash whose payload is longer than
-- wanted, and how long), a string (of the older layout: the id of a body), or a status (another type, and which).
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then
  return false
elseif kind == 'string' then
  if redis.call('STRLEN', KEYS[1]) > 1024 then
    return redis.status_reply('long string')
  end
  return redis.call('GET', KEYS[1])
elseif kind ~= 'hash' then
  return redis.status_reply(kind)
end
local length = redis.call('HSTRLEN', KEYS[1], 'payload')
if length > tonumber(ARGV[1]) then
  return length
end
return redis.call('HGETALL', KEYS[1])
