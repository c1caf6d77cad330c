import { createServer, type IncomingMessage } from 'node:http'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'

/**
 * The live tail of most tutorials: each impression of a post is one message on Redis, and each message that comes back is
 * one event to the rooms of its environment and its flag. Default settings throughout.
 */
const channel = 'impressions'
const environment = 'bench'
const redisUrl = process.env.REDIS_URL ?? ''
const publisher = new Redis(redisUrl)
const subscriber = new Redis(redisUrl)

const server = createServer(async (request, response) => {
  if (request.method === 'POST') await publish(await bodyOf(request))
  response.setHeader('Content-Type', 'application/json')
  response.end('{"ok":true}')
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function publish(body: string): Promise<void> {
  const groups: { f: string; i: object[] }[] = JSON.parse(body)
  const rows = groups.flatMap(({ f, i }) => i.map((row) => ({ environment, flag: f, ...row })))
  await Promise.all(rows.map((row) => publisher.publish(channel, JSON.stringify(row))))
}

const io = new Server(server)
io.on('connection', (socket) => {
  socket.on('watch', async ({ flag }: { flag?: string }) => {
    await socket.join(flag ? `flag:${flag}` : `environment:${environment}`)
    socket.emit('watching', {})
  })
})

await subscriber.subscribe(channel)
subscriber.on('message', (_, text) => {
  const row = JSON.parse(text)
  io.to(`environment:${row.environment}`).to(`flag:${row.flag}`).emit('impression', row)
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`)
})
process.once('SIGTERM', () => process.exit(0))
