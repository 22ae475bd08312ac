-- Reads a page of a topic's log.
--   KEYS[1]  the log, a sorted set
--   ARGV[1]  how many ids at most
--   ARGV[2]  'first': from the start; 'after': behind a place; 'end': nothing, but the place of the last id
--   ARGV[3]  the id of the place
--   ARGV[4]  its score, or '' if that is not known
-- Answers: '1' if the place was found or could be told from the order of ids, '0' if it was lost and all is read; then ids and
-- scores by turns.
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

local log, limit, mode, place, score = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local from, known = 0, '1'

if mode == 'end' then
  from = -1
  limit = 1
elseif mode == 'after' then
  local rank = redis.call('ZRANK', log, place)
  local first = redis.call('ZRANGE', log, 0, 0, 'WITHSCORES')
  if rank then
    from = rank + 1
  elseif first[1] then
    -- The place is gone. It can be told where it was if its score is known, or if all have one score and its form is one
    -- whose bytes sort in order of time: '0', the beginning, or 20 characters of base 62.
    local sorts = place == '0' or #place == 20 and not string.find(place, '[^0-9A-Za-z]')
    if score == '' and sorts and first[2] == redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')[2] then
      score = first[2]
    end
    if score == '' then
      known = '0'
    else
      local low = redis.call('ZCOUNT', log, '-inf', '(' .. score)
      local high = low + redis.call('ZCOUNT', log, score, score)
      while low < high do -- the first of this score that is above the place, by halving
        local middle = math.floor((low + high) / 2)
        if above(redis.call('ZRANGE', log, middle, middle)[1], place) then
          high = middle
        else
          low = middle + 1
        end
      end
      from = low
    end
  end
end

local page = redis.call('ZRANGE', log, from, from < 0 and -1 or from + limit - 1, 'WITHSCORES')
table.insert(page, 1, known)
return page
