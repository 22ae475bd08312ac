-- The session of client ARGV[1] has no part in shared subscription KEYS[1] any more. With the last one go the subscription and what
-- other keys there are.
if redis.call('HDEL', KEYS[1], 'by:' .. ARGV[1]) == 0 or redis.call('HINCRBY', KEYS[1], 'members', -1) > 0 then
  return 0
end
redis.call('DEL', unpack(KEYS))
return 1
