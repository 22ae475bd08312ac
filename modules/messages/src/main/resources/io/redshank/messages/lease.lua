-- Gives messages of a queue to a client for a while, except those that others have.
--   KEYS[1]  the leases of the topic, a hash: message id -> until when (in milliseconds since 1970), a space, client id
--   ARGV[1]  the client
--   ARGV[2]  for how many milliseconds
--   ARGV[3]  ... the ids
-- Answers for each id 1 if it is the client's now, 0 if another one has it. A lease that the client has already is not prolonged.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = string.format('%.0f', now + ARGV[2]) .. ' ' .. ARGV[1]
local held = redis.call('HMGET', KEYS[1], unpack(ARGV, 3))
local answers, taken = {}, {}
for i = 1, #ARGV - 2 do
  local till, owner = string.match(held[i] or '', '^(%d+) (.*)$')
  local over = not till or tonumber(till) <= now
  answers[i] = (over or owner == ARGV[1]) and 1 or 0
  if over then
    taken[#taken + 1] = ARGV[i + 2]
    taken[#taken + 1] = due
  end
end
if taken[1] then
  redis.call('HSET', KEYS[1], unpack(taken))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return answers
