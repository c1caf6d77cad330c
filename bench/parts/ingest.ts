import { bundled } from '../bundle.ts'
import { httpAnswers, portOf, prepareSplit, startFlagtail } from '../contenders/flagtail.ts'
import { PostPool, postClosed } from '../generator.ts'
import { makePosts } from '../posts.ts'
import { Sender } from '../sender.ts'
import { type MeasuredServer, startServer } from '../server.ts'
import { workload } from '../workload.ts'

/** Impressions per CPU-second that are taken in while nobody watches, and what bare `node:http` with `JSON.parse` takes. */
export type Ingest = { readonly flagtail: number; readonly bare: number }

const senderCount = 16
const prepared = makePosts(64, workload.perPost).map(prepareSplit)
export async function measureIngest(seconds: number): Promise<Ingest> {
  return {
    flagtail: await perCpuSecond(await startFlagtail('default cap'), seconds),
    bare: await perCpuSecond(await startServer({}, await bundled('parts/bare-server')), seconds),
  }
}

async function perCpuSecond(server: MeasuredServer, seconds: number): Promise<number> {
  try {
    const senders = await Promise.all(
      Array.from({ length: senderCount }, () => Sender.open(portOf(server.url), httpAnswers)),
    )
    const post = (forSeconds: number) =>
      postClosed({ senders, pool: new PostPool(prepared), seconds: forSeconds, full: () => false })
    await post(seconds / 2) // code is compiled
    const before = server.cpuSeconds()
    const { impressions } = await post(seconds)
    for (const sender of senders) sender.close()
    return impressions / (server.cpuSeconds() - before)
  } finally {
    await server.stop()
  }
}
