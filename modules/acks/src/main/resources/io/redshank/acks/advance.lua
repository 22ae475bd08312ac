-- Moves the bookmark to ARGV[1] for ARGV[2] seconds, unless it is there or further on, or cannot be compared with it.
local now, new = redis.call('GET', KEYS[1]), ARGV[1]
if now and now ~= '' and now ~= '0' then
  if #now ~= #new then
    return 0
  end
  for i = 1, #new do -- by bytes: Lua's order of strings is the locale's
    local x, y = string.byte(now, i), string.byte(new, i)
    if x ~= y then
      if x > y then
        return 0
      end
      break
    end
  end
end
redis.call('SET', KEYS[1], new, 'EX', ARGV[2])
return 1
