-- Reads a page of the index of topics, in order of time.
--   KEYS[1]  the index, a sorted set: topics by the time of their last append
--   ARGV[1]  how many topics at most
--   ARGV[2]  from which time on
--   ARGV[3]  behind which topic of that very time; '' for all of them
-- Answers topics and times by turns.
--
-- Compares byte by byte: Lua's own < follows the collation of the server's locale, a sorted set does not.
local function above(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then
      return x > y
    end
  end
  return #a > #b
end

local index, limit, time, topic = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3]
local low = redis.call('ZCOUNT', index, '-inf', '(' .. time)
if topic ~= '' then
  local high = low + redis.call('ZCOUNT', index, time, time)
  while low < high do -- the first of this time that is above the topic, by halving
    local middle = math.floor((low + high) / 2)
    if above(redis.call('ZRANGE', index, middle, middle)[1], topic) then
      high = middle
    else
      low = middle + 1
    end
  end
end
return redis.call('ZRANGE', index, low, low + limit - 1, 'WITHSCORES')
