import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../server/bus/redis/redis-server.fixture.ts'
import { type Post, PreparedPost } from '../posts.ts'
import { cpuSecondsOf, startProcess, untilListening } from '../processes.ts'
import { programPath } from '../programs.ts'
import { Sender } from '../sender.ts'
import type { Viewer } from '../viewer.ts'
import type { Contender, Opened } from './contender.ts'
import { messagesOf, rowsOfMessage, type Shape } from './messages.ts'
import { NatsReader } from './nats-reader.ts'
import { openWebSocket } from './websocket.ts'

const connectLine = 'CONNECT {"verbose":false,"pedantic":false,"name":"bench","lang":"bench","version":"1"}\r\n'

export function nats(id: string, shape: Shape): Contender {
  return {
    id,
    title: `NATS, ${shape === 'batch' ? 'a message per flag' : 'a message per impression'}`,
    needs: ['nats-server'],
    open: () => openNats(shape),
  }
}

async function openNats(shape: Shape): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-bench-nats-'))
  const [port, webPort] = [await freePort(), await freePort()]
  const file = join(folder, 'nats.conf')
  writeFileSync(file, `host: 127.0.0.1\nport: ${port}\nwebsocket { host: 127.0.0.1, port: ${webPort}, no_tls: true }\n`)
  const { pid, stop } = startProcess({
    command: programPath('nats-server'),
    args: ['-c', file, '-l', join(folder, 'log')],
  })
  const close = async (): Promise<void> => {
    await stop()
    rmSync(folder, { recursive: true })
  }
  await untilListening(webPort).catch((cause) => close().then(() => Promise.reject(cause)))
  return {
    cpuSeconds: () => cpuSecondsOf([pid]),
    prepare: (post) => prepareNats(post, shape),
    connectSender: () =>
      Sender.open(port, {
        yes: 'PONG\r\n',
        no: /-ERR.*/,
        hello: Buffer.from(`${connectLine}PING\r\n`),
        welcome: 'PONG',
      }),
    watch: (viewer) => watchNats(`ws://127.0.0.1:${webPort}`, viewer, shape),
    close,
  }
}

/** A PING behind the messages is answered when all of them have been taken. */
function prepareNats(post: Post, shape: Shape): PreparedPost {
  const lines = messagesOf(post, shape, false).map(({ to, body }) => `PUB ${subject(to)} ${body.length}\r\n${body}\r\n`)
  return new PreparedPost(post, Buffer.from(`${lines.join('')}PING\r\n`), 1)
}

function subject(to: string): string {
  return to === 'everything' ? to : `flags.${to}`
}

async function watchNats(url: string, viewer: Viewer, shape: Shape): Promise<() => void> {
  const { wish } = viewer
  const everything = shape === 'batch' ? 'everything' : 'flags.*'
  let ready = (): void => {}
  const subscribed = new Promise<void>((resolve) => {
    ready = resolve
  })
  const reader = new NatsReader({
    message: (message) => viewer.hearUnfiltered(message, rowsOfMessage(message)),
    line: (line) => {
      if (line === 'PONG') ready()
      else if (line === 'PING') socket.send('PONG\r\n')
      else if (line.startsWith('-ERR')) viewer.trouble = line
    },
  })
  const socket = await openWebSocket(url, { hear: (chunk) => reader.hear(chunk), cut: () => viewer.cut() })
  socket.send(`${connectLine}SUB ${wish.kind === 'flag' ? subject(wish.flag) : everything} 1\r\nPING\r\n`)
  await subscribed
  return socket.close
}
