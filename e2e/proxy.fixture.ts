import { connect, createServer, type Socket } from 'node:net'

/** A wire between the browser and the server that can be cut and mended. */
export type Wire = {
  readonly url: string
  /** Ends every connection, and refuses new ones until `mend`. */
  readonly cut: () => void
  readonly mend: () => void
  readonly stop: () => Promise<void>
}

export async function openWire(target: string): Promise<Wire> {
  const { port, hostname } = new URL(target)
  const open = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const endAll = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut: () => {
      whole = false
      endAll()
    },
    mend: () => {
      whole = true
    },
    stop: async () => {
      endAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
