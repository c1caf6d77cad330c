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
import {
  accepted,
  connectPacket,
  MqttReader,
  pingRequest,
  pingResponse,
  publishPacket,
  subscribePacket,
} from './mqtt.ts'
import { openWebSocket } from './websocket.ts'

const subscribed = 9

export function mosquitto(id: string, shape: Shape): Contender {
  return {
    id,
    title: `Mosquitto, ${shape === 'batch' ? 'a message per flag' : 'a message per impression'}`,
    needs: ['mosquitto'],
    open: () => openMosquitto(shape),
  }
}

async function openMosquitto(shape: Shape): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-bench-mosquitto-'))
  const [port, webPort] = [await freePort(), await freePort()]
  const file = join(folder, 'mosquitto.conf')
  writeFileSync(file, settings(port, webPort))
  const { pid, stop } = startProcess({ command: programPath('mosquitto'), args: ['-c', file] })
  const close = async (): Promise<void> => {
    await stop()
    rmSync(folder, { recursive: true })
  }
  await untilListening(webPort).catch((cause) => close().then(() => Promise.reject(cause)))
  let senders = 0
  return {
    cpuSeconds: () => cpuSecondsOf([pid]),
    prepare: (post) => prepareMqtt(post, shape),
    connectSender: () =>
      Sender.open(port, {
        yes: pingResponse.toString('latin1'),
        no: /(?!)/, // MQTT 3.1.1 hangs up instead
        hello: connectPacket(`sender-${senders++}`),
        welcome: accepted.toString('latin1'),
      }),
    watch: (viewer) => watchMqtt(`ws://127.0.0.1:${webPort}`, viewer, shape),
    close,
  }
}

/** No bounds on what waits for a slow viewer, so that nothing is dropped. */
function settings(port: number, webPort: number): string {
  return `
allow_anonymous true
persistence false
log_type none
set_tcp_nodelay true
max_queued_messages 0
max_queued_bytes 0
listener ${port} 127.0.0.1
listener ${webPort} 127.0.0.1
protocol websockets
`
}

/** A PINGREQ behind the messages is answered when all of them have been taken. */
function prepareMqtt(post: Post, shape: Shape): PreparedPost {
  const packets = messagesOf(post, shape, false).map(({ to, body }) => publishPacket(topic(to), body))
  return new PreparedPost(post, Buffer.concat([...packets, pingRequest]), 1)
}

function topic(to: string): string {
  return to === 'everything' ? to : `flags/${to}`
}

async function watchMqtt(url: string, viewer: Viewer, shape: Shape): Promise<() => void> {
  const { wish } = viewer
  const everything = shape === 'batch' ? 'everything' : 'flags/+'
  let ready = (): void => {}
  const isReady = new Promise<void>((resolve) => {
    ready = resolve
  })
  const reader = new MqttReader({
    message: (message) => viewer.hearUnfiltered(message, rowsOfMessage(message)),
    other: (kind) => {
      if (kind === subscribed) ready()
    },
  })
  const hear = (chunk: Buffer): void => reader.hear(chunk)
  const socket = await openWebSocket(url, { protocol: 'mqtt', hear, cut: () => viewer.cut() })
  socket.send(connectPacket(''))
  socket.send(subscribePacket(wish.kind === 'flag' ? topic(wish.flag) : everything))
  await isReady
  return socket.close
}
