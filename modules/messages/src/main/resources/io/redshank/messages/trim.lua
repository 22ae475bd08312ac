-- Takes the oldest ids out of a topic's log.
--   KEYS[1]  the log, a sorted set
--   ARGV[1]  how many ids at most may stay; '' if that does not matter
--   ARGV[2]  the first id that is to stay, unless it has gone already; '' if that does not matter
--   ARGV[3]  how many to take out at most
-- Answers the ids that were taken out.
local log, most, stays, step = KEYS[1], tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local out = 0
if most then
  out = redis.call('ZCARD', log) - most
end
if stays ~= '' then
  out = math.max(out, redis.call('ZRANK', log, stays) or 0)
end
out = math.min(out, step)
if out <= 0 then
  return {}
end
local ids = redis.call('ZRANGE', log, 0, out - 1)
redis.call('ZREMRANGEBYRANK', log, 0, out - 1)
return ids
