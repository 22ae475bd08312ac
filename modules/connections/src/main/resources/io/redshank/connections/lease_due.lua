-- Takes up to ARGV[3] members that are due at ARGV[1], and lets them be due again at ARGV[2], in case the taker dies.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], ARGV[2], member)
end
return due
