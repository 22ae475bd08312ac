-- An instance deals out shared subscription KEYS[1]. ARGV: its name; the era in which it does already, or 0; a member whose
-- session persists, or ''; the start of a subscription that was not kept, and the time; for how many seconds it is kept.
-- Answers nothing if it is not kept; else the era, whether that is new here, whether another instance had it, the start, the time
-- up to which all was dealt out, and the ids that are a member's for good, unless this instance has begun before.
local key, member = KEYS[1], ARGV[3]
local fresh = redis.call('EXISTS', key) == 0
if fresh then
  if member == '' then
    return {}
  end
  redis.call('HSET', key, 'start', ARGV[4], 'caught_up', ARGV[5], 'era', ARGV[5], 'members', 0, 'owner', ARGV[1])
end
if member ~= '' and redis.call('HSETNX', key, 'by:' .. member, 1) == 1 then
  redis.call('HINCRBY', key, 'members', 1)
end
redis.call('EXPIRE', key, ARGV[6])
local known = redis.call('HMGET', key, 'era', 'owner', 'start', 'caught_up')
local answer = {known[1], fresh and 1 or 0, known[2] == ARGV[1] and 0 or 1, known[3] or '', known[4] or '0'}
if not fresh and known[1] == ARGV[2] then
  return answer
end
answer[1] = tostring(redis.call('HINCRBY', key, 'era', 1))
redis.call('HSET', key, 'owner', ARGV[1])
if not fresh then
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 3) == 'to:' then
      answer[#answer + 1] = string.sub(field, 4)
    end
  end
end
return answer
