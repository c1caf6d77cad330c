import { createHash } from 'node:crypto'

/** What an entry costs Redis beside its bytes: its id, and its share of stream nodes. */
const entryOverheadBytes = 160

/**
 * Appends all batches of a post to a log and publishes them, in one step that is all or nothing: Redis looks for a
 * reason to refuse (memory, role) before the first write only, hence the HSET in front of the DEL.
 *
 * KEYS log, meta, marks; ARGV channel, epoch if there is none yet (a log that was read before has one), bytes and ms the
 * log may hold, then per batch its id, impressions and bytes. Numbers are written as integers: Lua would write 1e+14.
 *
 * Trimming is exact without reading entries: meta counts the bytes of the epoch so far, and each mark is a segment of
 * the log as "first offset, bytes before it, ms when it began". A segment is closed at 1/64 of the bytes or the age that
 * the log may hold, so there are some 130 at most, and the oldest go as wholes. The time is Redis's own, one clock for
 * all writers. A log that nobody appends to expires; meta stays, so that offset and count go on.
 */
export const appendScript = `
local log, meta, marks = KEYS[1], KEYS[2], KEYS[3]
local channel, maxBytes, maxMs = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local nowMs = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function int(number) return string.format('%.0f', number) end
local function count(text) return tonumber(text or 0) end
local function mark(index)
  local text = redis.call('LINDEX', marks, index)
  if not text then return nil end
  local offset, bytes, ms = string.match(text, '^(%d+) (%d+) (%d+)$')
  return { offset = tonumber(offset), bytes = tonumber(bytes), ms = tonumber(ms) }
end

local known = redis.call('HMGET', meta, 'epoch', 'offset', 'id', 'cumulative', 'bytes')
local epoch, offset, id, cumulative, bytes = known[1], count(known[2]), known[3] or '-', count(known[4]), count(known[5])
if not epoch then
  epoch, offset, id, cumulative, bytes = ARGV[2], 0, '-', 0, 0
  redis.call('HSET', meta, 'epoch', epoch)
  redis.call('DEL', log, marks)
end

local segment = mark(-1)
for index = 5, #ARGV, 3 do
  offset, cumulative = offset + 1, cumulative + tonumber(ARGV[index + 1])
  local chain = table.concat({ epoch, int(offset), ARGV[index], id, int(cumulative) }, ' ')
  local entry = chain .. '\\n' .. ARGV[index + 2]
  redis.call('XADD', log, int(offset) .. '-0', 'b', entry)
  redis.call('PUBLISH', channel, entry)
  if not segment or bytes - segment.bytes >= maxBytes / 64 or nowMs - segment.ms >= maxMs / 64 then
    segment = { offset = offset, bytes = bytes, ms = nowMs }
    redis.call('RPUSH', marks, int(offset) .. ' ' .. int(bytes) .. ' ' .. int(nowMs))
  end
  id, bytes = ARGV[index], bytes + #entry + ${entryOverheadBytes}
end
redis.call('HSET', meta, 'offset', int(offset), 'id', id, 'cumulative', int(cumulative), 'bytes', int(bytes))

local oldest, second = mark(0), mark(1)
local from = oldest.offset
while second and (bytes - oldest.bytes > maxBytes or second.ms <= nowMs - maxMs) do
  redis.call('LPOP', marks)
  oldest, second = second, mark(1)
end
if oldest.offset > from then redis.call('XTRIM', log, 'MINID', int(oldest.offset) .. '-0') end
redis.call('PEXPIRE', log, int(maxMs))
redis.call('PEXPIRE', marks, int(maxMs))
return int(offset)
`

export const appendScriptSha = createHash('sha1').update(appendScript).digest('hex')
