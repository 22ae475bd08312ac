-- Reads a page of a topic's log.
--   KEYS[1]  the log, a sorted set
--   ARGV[1]  how many ids at most
--   ARGV[2]  'first': from the start; 'after': behind a place; 'end': nothing, but the place of the last id
--   ARGV[3]  the id of the place
--   ARGV[4]  its score, or '' if that is not known
--   ARGV[5]  an id above all that our clocks can have given by now; may be left out, then any id may be one of theirs
--   ARGV[6]  how many of the newest ids at most are given, on this and all later pages; '' or left out for all
--   ARGV[7]  an id: none is given that our clocks gave before it; '' or left out for all
-- Answers: '1' if the place is in the log, '2' if it is not, but could be told from the order of ids, '0' if it could not and the
-- log is read from its start; how many ids ARGV[6] and ARGV[7] left out; the id before the page, if those left out some;
-- then ids and scores by turns.
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
local horizon, newest, since = ARGV[5] or '~', tonumber(ARGV[6] or ''), ARGV[7] or ''
local from, known, skipped, before = 0, '1', 0, ''

-- Whether an id has a form whose bytes sort in order of time: 20 characters of base 62.
local function sorts(id)
  return #id == 20 and not string.find(id, '[^0-9A-Za-z]')
end

local function ours(id)
  return sorts(id) and not above(id, horizon)
end

-- The first and the last entry, if all have one score.
local function ends()
  local first = redis.call('ZRANGE', log, 0, 0, 'WITHSCORES')
  local last = redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')
  if first[1] and first[2] == last[2] then
    return first[1], last[1], first[2]
  end
end

-- The rank of the first id of one score, from one rank on and before another, that is above an id, by halving.
local function firstAbove(low, high, id)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if above(redis.call('ZRANGE', log, middle, middle)[1], id) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

if mode == 'end' then
  from = -1
  limit = 1
elseif mode == 'after' then
  local rank = redis.call('ZRANK', log, place)
  if rank then
    from = rank + 1
  elseif redis.call('EXISTS', log) == 1 then
    -- The place is gone. It can be told where it was if it is '0', the beginning, or if its score is known, or if all have one
    -- score and it sorts. One from the future does in a log whose last one is, too: ids of other clocks than ours.
    known = '2'
    if place ~= '0' then
      if score == '' and sorts(place) then
        local first, last, only = ends()
        if first and (ours(place) or above(last, horizon)) then
          score = only
        end
      end
      if score == '' then
        known = '0'
      else
        local low = redis.call('ZCOUNT', log, '-inf', '(' .. score)
        from = firstAbove(low, low + redis.call('ZCOUNT', log, score, score), place)
      end
    end
  end
end

if newest or since ~= '' then
  local size = redis.call('ZCARD', log)
  local all = from
  if newest and size - newest > from then
    from = size - newest
  end
  if since ~= '' then
    local first, last = ends()
    if first and ours(first) and ours(last) then -- else the reader looks at each message
      from = math.max(from, firstAbove(0, size, since))
    end
  end
  skipped = from - all
  before = from > 0 and redis.call('ZRANGE', log, from - 1, from - 1)[1] or ''
end

local page = redis.call('ZRANGE', log, from, from < 0 and -1 or from + limit - 1, 'WITHSCORES')
table.insert(page, 1, before)
table.insert(page, 1, skipped)
table.insert(page, 1, known)
return page
