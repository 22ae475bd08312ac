-- Appends ids to a topic's log.
--   KEYS[1]  the log, a sorted set
--   ARGV[1]  an id above all that our clocks can have given by now
--   ARGV[2]  'strict', or 'follow' to put the ids behind the last one whatever that is
--   ARGV[3]  ... the ids, each above the one before
-- Answers for each id the one before it in the log ('' for the first). An id that is in the log already is left there. An id
-- that is neither in the log nor above its last one stops the append: the answer to it is '!' and that last id, and the rest
-- has no answer.
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

local horizon, mode = ARGV[1], ARGV[2]

-- Whether an id has the form of ours and a time that one of ours can have. Behind any other one, ours get a higher score.
local function ours(id)
  return #id == 20 and not string.find(id, '[^0-9A-Za-z]') and not above(id, horizon)
end

local log = KEYS[1]
local tail = redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')
local last, score = tail[1], tail[2] or '1'
local answers = {}
for i = 3, #ARGV do
  local id = ARGV[i]
  local rises = last and above(id, last)
  local rank = last and (not rises or score ~= '1') and redis.call('ZRANK', log, id)
  if rank then
    answers[#answers + 1] = rank == 0 and '' or redis.call('ZRANGE', log, rank - 1, rank - 1)[1]
  else
    if last and not (rises and ours(last)) then
      if ours(last) and mode == 'strict' then
        answers[#answers + 1] = '!' .. last
        return answers
      end
      score = string.format('%.17g', math.floor(tonumber(score)) + 1)
    end
    redis.call('ZADD', log, score, id)
    answers[#answers + 1] = last or ''
    last = id
  end
end
return answers
