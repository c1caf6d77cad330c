import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../server/bus/redis/redis-server.fixture.ts'
import { httpPost, type Post, PreparedPost } from '../posts.ts'
import { cpuSecondsOf, startProcess, untilListening } from '../processes.ts'
import { programPath } from '../programs.ts'
import { Sender } from '../sender.ts'
import type { Viewer } from '../viewer.ts'
import type { Contender, Opened } from './contender.ts'
import { httpAnswers } from './flagtail.ts'
import { messagesOf, rowsOfMessage, type Shape } from './messages.ts'
import { openWebSocket } from './websocket.ts'

export function nchan(id: string, shape: Shape): Contender {
  return {
    id,
    title: `nchan, ${shape === 'batch' ? 'a message per flag' : 'a message per impression'}`,
    needs: ['nginx', 'nchan'],
    open: () => openNchan(shape),
  }
}

async function openNchan(shape: Shape): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-bench-nchan-'))
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), settings(folder, port))
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
  const { pid, stop } = startProcess({ command: programPath('nginx'), args })
  const close = async (): Promise<void> => {
    await stop()
    rmSync(folder, { recursive: true })
  }
  await untilListening(port).catch((cause) => close().then(() => Promise.reject(cause)))
  return {
    cpuSeconds: () => cpuSecondsOf([pid]),
    prepare: (post) => prepareNchan(post, shape),
    connectSender: () => Sender.open(port, httpAnswers),
    watch: (viewer) => watchNchan(`ws://127.0.0.1:${port}`, viewer),
    close,
  }
}

/** One worker; bodies and messages stay in memory. */
function settings(folder: string, port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  return `
load_module ${programPath('nchan')};
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/pid;
events { worker_connections 4096; }
http {
  access_log off;
  ${paths.join(' ')}
  client_body_buffer_size 256k;
  keepalive_requests 1000000000;
  nchan_shared_memory_size 512m;
  nchan_message_timeout 10s;
  server {
    listen 127.0.0.1:${port};
    location ~ ^/pub/(.+)$ { nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 100000; }
    location ~ ^/sub/(.+)$ { nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest; }
  }
}
`
}

/** nchan has no wildcards: what all should see is published to a channel of its own. */
function prepareNchan(post: Post, shape: Shape): PreparedPost {
  const messages = messagesOf(post, shape, true)
  const bytes = Buffer.concat(messages.map(({ to, body }) => httpPost(`/pub/${to}`, body)))
  return new PreparedPost(post, bytes, messages.length)
}

async function watchNchan(url: string, viewer: Viewer): Promise<() => void> {
  const { wish } = viewer
  const socket = await openWebSocket(`${url}/sub/${wish.kind === 'flag' ? wish.flag : 'everything'}`, {
    hear: (message) => viewer.hearUnfiltered(message, rowsOfMessage(message)),
    cut: () => viewer.cut(),
  })
  return socket.close
}
