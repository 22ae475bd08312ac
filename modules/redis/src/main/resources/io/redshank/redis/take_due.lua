-- Takes up to ARGV[3] members that are due at ARGV[1], and lets them be due again at ARGV[2], in case the taker dies.
-- Answers when the next one is due (empty if there is none), and then those that were taken.
local taken = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, member in ipairs(taken) do
  redis.call('ZADD', KEYS[1], ARGV[2], member)
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
table.insert(taken, 1, first[2] or '')
return taken
