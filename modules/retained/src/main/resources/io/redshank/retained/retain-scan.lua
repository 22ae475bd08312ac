-- Finds the topics of an index that a filter matches; RetainedScan says how and why.
-- KEYS[1] the index. ARGV[1] where to go on, ARGV[2] how many steps, ARGV[3] how many topics at most, ARGV[4...] the levels of
-- the filter. Answers 1 if that was all (else 0), the steps made, where to go on, and the members found.
local at, maxSteps, maxFound = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local levels = {}
for i = 4, #ARGV do -- not unpack, which a long filter overflows
  levels[i - 3] = ARGV[i]
end
local tail = levels[#levels] == '#'
local fixed = tail and #levels - 1 or #levels
local wildStart = levels[1] == '+' or levels[1] == '#'

-- Lua's own < follows the locale of the server.
local function below(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = a:byte(i), b:byte(i)
    if x ~= y then
      return x < y
    end
  end
  return #a < #b
end

-- What the least member that matches has behind its first i - 1 levels, up to the next '+'.
local function least(i)
  local parts = {}
  for j = i, fixed do
    parts[#parts + 1] = (j > 1 and '\0' or '') .. (levels[j] == '+' and '' or levels[j])
    if levels[j] == '+' then
      break
    end
  end
  return table.concat(parts)
end

-- Compares a member level by level. Answers whether it matches, the end of its fixed levels, where a next match can be at the
-- earliest if that is within the same levels, and the end of the level that the last '+' stood for.
local function compare(member)
  local start, ended, plus = 1, false, nil
  for i = 1, fixed do
    if ended then
      return false, 0, member .. least(i), plus
    end
    local nul = member:find('\0', start, true)
    local stop = nul and nul - 1 or #member
    if levels[i] == '+' then
      plus = stop
    else
      local level = member:sub(start, stop)
      if level ~= levels[i] then
        local ahead = below(level, levels[i])
        return false, 0, ahead and (i > 1 and member:sub(1, start - 2) or '') .. least(i) or nil, plus
      end
    end
    start, ended = stop + 2, not nul
  end
  return tail or ended, start - 2, nil, plus
end

local reply, steps, done = {0, 0, ''}, 0, false
while not done and steps < maxSteps and #reply - 3 < maxFound do
  steps = steps + 1
  local member = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. at, '+', 'LIMIT', 0, 1)[1]
  local onward
  if not member then
    done = true
  elseif wildStart and member:byte(1) == 36 then
    onward = '%' -- the first that does not start with '$'
  else
    local matches, stop, jump, plus = compare(member)
    onward = jump or plus and member:sub(1, plus) .. '\1'
    if matches and not tail then
      reply[#reply + 1] = member
    elseif matches then
      local upper = '(' .. member:sub(1, stop) .. '\1'
      if fixed == 0 then
        upper = member:byte(1) < 36 and '($' or '+'
        onward = member:byte(1) < 36 and '%'
      end
      local room = maxFound - (#reply - 3)
      local found = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. member, upper, 'LIMIT', 0, room)
      for i = 1, #found do
        reply[#reply + 1] = found[i]
      end
      if #found == room then
        onward = found[room] .. '\0' -- the least that is greater
      end
    end
    done = not onward
  end
  at = onward or at
end
reply[1], reply[2], reply[3] = done and 1 or 0, steps, at
return reply
