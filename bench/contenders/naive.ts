import { startRedis } from '../../server/bus/redis/redis-server.fixture.ts'
import { bundled } from '../bundle.ts'
import { httpPost, PreparedPost } from '../posts.ts'
import { cpuSecondsOf } from '../processes.ts'
import { Sender } from '../sender.ts'
import { startServer } from '../server.ts'
import type { Viewer } from '../viewer.ts'
import type { Contender, Opened } from './contender.ts'
import { httpAnswers, portOf } from './flagtail.ts'
import { watchSocketIo } from './socket-io-viewer.ts'

export const naive: Contender = {
  id: 'naive',
  title: 'Naive socket.io with Redis',
  needs: ['redis-server'],
  open: openNaive,
}

async function openNaive(): Promise<Opened> {
  const program = await bundled('contenders/naive-server')
  const store = await startRedis()
  const server = await startServer({ REDIS_URL: store.url }, program).catch(async (cause) => {
    await store.stop()
    throw cause
  })
  return {
    cpuSeconds: () => cpuSecondsOf([server.pid, store.pid]),
    prepare: (post) => new PreparedPost(post, httpPost('/impressions', JSON.stringify(post.groups)), 1),
    connectSender: () => Sender.open(portOf(server.url), httpAnswers),
    watch: (viewer) => watchNaive(server.url, viewer),
    close: async () => {
      await server.stop()
      await store.stop()
    },
  }
}

function watchNaive(url: string, viewer: Viewer): Promise<() => void> {
  const { wish } = viewer
  return watchSocketIo({
    url,
    auth: {},
    hello: ['watch', wish.kind === 'flag' ? { flag: wish.flag } : {}],
    welcome: 'watching',
    hear: (name, packet) => {
      if (name === 'impression') viewer.hearUnfiltered(packet, 1)
    },
  })
}
