-- Takes from all keys, or from none: the generic cell rate algorithm (GCRA), as Brandur Leach tells it in
-- https://brandur.org/rate-limiting and redis-cell has it. Of each key the time is kept at which it has nothing
-- left to make up for, in microseconds; what was taken puts it off.
--
-- KEYS: who takes. ARGV, three for each: what may be taken a second, what may be taken at once, what is taken.
-- Answers { 0, 0 }, or which key may not, counted from 1, and after how many microseconds it may.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local free_at = {}
for i = 1, #KEYS do
  local for_one = 1000000 / ARGV[3 * i - 2]
  local known = tonumber(redis.call('GET', KEYS[i]) or now)
  free_at[i] = math.max(known, now) + for_one * ARGV[3 * i]
  local wait = free_at[i] - for_one * ARGV[3 * i - 1] - now
  if wait > 0 then
    return { i, math.ceil(wait) }
  end
end
for i = 1, #KEYS do
  local kept_ms = math.ceil((free_at[i] - now) / 1000)
  redis.call('SET', KEYS[i], string.format('%.0f', free_at[i]), 'PX', math.max(kept_ms, 1))
end
return { 0, 0 }
