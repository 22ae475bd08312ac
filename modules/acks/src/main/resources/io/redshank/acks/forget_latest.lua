-- Deletes the newest message of a topic, if it still is the one that was acknowledged.
if redis.call('HGET', KEYS[1], 'id') == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
