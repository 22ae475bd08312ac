-- Shared subscription KEYS[1] has dealt out all up to time ARGV[2], in era ARGV[1], and is kept for ARGV[3] seconds from now. Answers
-- its era, which is another one if another instance deals it out; '0' if it is not kept any more.
local era = redis.call('HGET', KEYS[1], 'era')
if era == ARGV[1] then
  redis.call('HSET', KEYS[1], 'caught_up', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return era or '0'
