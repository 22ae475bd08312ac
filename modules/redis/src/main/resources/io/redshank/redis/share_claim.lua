-- Message ARGV[2] of shared subscription KEYS[1], assigned in era ARGV[1], is for good that of ARGV[3], a client and a place in
-- what it is sent: 1; 0 if it is another one's; -1 if it was assigned by who is the owner no more. With it goes, unless ARGV[4] is '', what the client's session has to
-- know: field ARGV[4] of KEYS[2] is ARGV[5], for ARGV[6] seconds.
local era = redis.call('HGET', KEYS[1], 'era')
if era then
  local has = redis.call('HGET', KEYS[1], 'to:' .. ARGV[2])
  if has ~= ARGV[3] then
    if has then
      return 0
    end
    if era ~= ARGV[1] then
      return -1
    end
    redis.call('HSET', KEYS[1], 'to:' .. ARGV[2], ARGV[3])
  end
end
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[4], ARGV[5])
  redis.call('EXPIRE', KEYS[2], ARGV[6])
end
return 1
