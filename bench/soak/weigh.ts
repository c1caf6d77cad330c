import { openWebSocket } from '../contenders/websocket.ts'

const mib = 1024 ** 2

/** What the server's process holds, in MB. */
export type Weight = {
  /** Objects that survived a full garbage collection, and the buffers that they hold. */
  readonly liveMb: number
  readonly heapUsedMb: number
  readonly externalMb: number
  /** The same before the collection, and what V8 had reserved for its heap. */
  readonly before: { readonly heapUsedMb: number; readonly heapTotalMb: number; readonly externalMb: number }
}

/** What makes Node listen for an inspector, without a word. */
export function inspectable(port: number): string {
  return `--inspect=127.0.0.1:${port} --inspect-publish-uid=http`
}

/** Collects the garbage of the process whose inspector listens on a port, and weighs what is left. */
export async function weigh(port: number): Promise<Weight> {
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
  const answers = new Map<number, (result: InspectorResult) => void>()
  const socket = await openWebSocket(target.webSocketDebuggerUrl, {
    hear: (message) => {
      const { id, result } = JSON.parse(message.toString())
      answers.get(id)?.(result)
    },
  })
  const ask = (id: number, method: string, params: object = {}): Promise<InspectorResult> =>
    new Promise((resolve) => {
      answers.set(id, resolve)
      socket.send(JSON.stringify({ id, method, params }))
    })
  const usage = async (id: number): Promise<NodeJS.MemoryUsage> => {
    const expression = 'process.memoryUsage()'
    const { result } = await ask(id, 'Runtime.evaluate', { expression, returnByValue: true })
    return result?.value as NodeJS.MemoryUsage
  }
  const before = await usage(1)
  await ask(2, 'HeapProfiler.collectGarbage')
  const after = await usage(3)
  socket.close()
  return {
    liveMb: (after.heapUsed + after.external) / mib,
    heapUsedMb: after.heapUsed / mib,
    externalMb: after.external / mib,
    before: {
      heapUsedMb: before.heapUsed / mib,
      heapTotalMb: before.heapTotal / mib,
      externalMb: before.external / mib,
    },
  }
}

type InspectorResult = { readonly result?: { readonly value?: unknown } }
