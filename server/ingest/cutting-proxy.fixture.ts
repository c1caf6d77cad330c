import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Stands between senders and a server, and can keep an answer from its sender. */
export type CuttingProxy = {
  readonly port: number
  readonly url: string
  /** Reads the next answer to begin, passes nothing of it on, and resets both connections. */
  readonly cutNextAnswer: () => void
  /** Ends all connections, by a reset or properly. */
  readonly cut: (how: 'reset' | 'end') => void
  /** How many answers were cut. */
  readonly answersCut: () => number
}

type Pair = { readonly near: Socket; readonly far: Socket }

export async function openProxy(target: number): Promise<CuttingProxy> {
  const pairs = new Set<Pair>()
  let cutNext = false
  let answersCut = 0
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    const pair = { near, far }
    pairs.add(pair)
    near.pipe(far)
    far.on('data', (bytes) => {
      if (!cutNext) return void near.write(bytes)
      cutNext = false
      answersCut++
      end(pair, 'reset')
    })
    far.on('end', () => near.end())
    for (const socket of [near, far]) {
      socket.on('error', () => {}) // its close follows
      socket.on('close', () => {
        pairs.delete(pair)
        end(pair, 'end')
      })
    }
  })
  const endAll = (how: 'reset' | 'end'): void => {
    for (const pair of pairs) end(pair, how)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    endAll('end')
    return new Promise<void>((resolve) => server.close(() => resolve()))
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    cutNextAnswer: () => {
      cutNext = true
    },
    cut: endAll,
    answersCut: () => answersCut,
  }
}

function end({ near, far }: Pair, how: 'reset' | 'end'): void {
  for (const socket of [near, far]) {
    if (how === 'reset') socket.resetAndDestroy()
    else socket.destroy()
  }
}
