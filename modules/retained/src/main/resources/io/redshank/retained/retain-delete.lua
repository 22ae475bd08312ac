-- Forgets a topic's retained message unless it is newer than the order to forget it.
-- KEYS[1] the topic's key. ARGV[1] 1 if the order's id is of our form, ARGV[2] the lowest id that is not of our clocks,
-- ARGV[3] the order's id. Answers the id of the body if the key was a string, which holds one.

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
if kind == 'none' then
  return 0
elseif kind == 'string' then
  local id = redis.call('GET', KEYS[1])
  redis.call('DEL', KEYS[1])
  return id
elseif kind ~= 'hash' then
  return redis.error_reply('WRONGTYPE a ' .. kind .. ' is not a retained message')
end
local old = redis.call('HGET', KEYS[1], 'id')
if old and ARGV[1] == '1' and #old == 20 and not old:find('[^0-9A-Za-z]')
    and below(ARGV[3], old) and below(old, ARGV[2]) then
  return 0
end
redis.call('DEL', KEYS[1])
return 1
