import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { Wire } from './ingest/ingest.fixture.ts'
test('plain', async () => {
  let res: any
  const s = createServer((q, r) => { res = r; r.write('x'); r.write('x'.repeat(20_000_000)); r.on('finish', () => console.log('finish')); r.on('close', () => console.log('close'));r.end(); })
  await new Promise<void>((r) => s.listen(0, '127.0.0.1', r))
  const wire = new Wire((s.address() as any).port)
  wire.write('GET /api/tail HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await new Promise((r) => wire.socket.once('data', r))
  wire.socket.pause()
  await new Promise((r) => setTimeout(r, 200))
  console.log('closing', res.writableFinished, res.writableLength, res.socket?.writableLength)
  const t = performance.now()
  const closed = new Promise<void>((r) => s.close(() => r()))
  await closed
  console.log('closed', performance.now() - t, res.writableFinished)
})
