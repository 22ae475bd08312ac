-- Deletes a session that has no connection and is due at ARGV[1]; 0 if it is alive again.
local state = redis.call('HMGET', KEYS[1], 'connected', 'due')
if state[1] == '1' or (state[2] and tonumber(state[2]) > tonumber(ARGV[1])) then
  return 0
end
redis.call('DEL', KEYS[1])
return 1
