-- Keeps a retained message unless the one that is there is newer.
-- KEYS[1] the topic's key. ARGV[1] 1 if the new id is of our form, ARGV[2] the lowest id that is not of our clocks,
-- ARGV[3] how many milliseconds it is kept, 0 for no end, ARGV[4...] the fields and values of the hash, of which the first is the id.

-- Lua's own < follows the locale of the server.
local function below(a, b)
  for i = 1, 20 do
    local x, y = a:byte(i), b:byte(i)
    if x ~= y then
      return x < y
    end
  end
  return false
end

local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'hash' then
  local old = redis.call('HGET', KEYS[1], 'id')
  if old and ARGV[1] == '1' and #old == 20 and not old:find('[^0-9A-Za-z]')
      and below(ARGV[5], old) and below(old, ARGV[2]) then
    return 0
  end
elseif kind == 'string' then
  redis.call('DEL', KEYS[1])
elseif kind ~= 'none' then
  return redis.error_reply('WRONGTYPE a retained message cannot be kept in a ' .. kind)
end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
if kind == 'hash' then
  if ARGV[3] == '0' then
    redis.call('PERSIST', KEYS[1])
  end
  -- What else somebody put there belongs to the message that was replaced.
  if redis.call('HLEN', KEYS[1]) * 2 > #ARGV - 3 then
    local mine = {}
    for i = 4, #ARGV, 2 do
      mine[ARGV[i]] = true
    end
    for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
      if not mine[field] then
        redis.call('HDEL', KEYS[1], field)
      end
    end
  end
end
if ARGV[3] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
