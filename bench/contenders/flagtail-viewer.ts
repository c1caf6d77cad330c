import { protocolVersion } from '../../domain/protocol.ts'
import { occurrences, type Viewer } from '../viewer.ts'
import type { Wish } from '../workload.ts'
import { watchSocketIo } from './socket-io-viewer.ts'

type Totals = { readonly sequence: number; readonly matched: number; readonly sent: number }

const rowMark = Buffer.from('{"k":"')
const ackMs = 1000

/** A viewer of ours. It reads counts from the totals that stand at the head of each frame, and acknowledges as the page does. */
export function watchFlagtail(url: string, viewer: Viewer): Promise<() => void> {
  let before: Totals | undefined
  let ackedMs = 0
  return watchSocketIo({
    url,
    auth: { version: protocolVersion },
    hello: ['watch', { revision: 1, filter: filterOf(viewer.wish) }],
    welcome: 'start',
    hear: (name, packet, send) => {
      if (name === 'start') before = totalsOf(packet)
      else if (name === 'frame' && before) {
        const now = totalsOf(packet)
        const rows = now.sequence === before.sequence + 1 ? now.sent - before.sent : occurrences(packet, rowMark)
        viewer.hear(packet, { counted: now.matched - before.matched, useful: rows, moved: rows })
        before = now
        const nowMs = performance.now()
        if (nowMs - ackedMs < ackMs) return
        ackedMs = nowMs
        send(['ack', { sequence: now.sequence }])
      } else if (name !== 'facets' && name !== 'notice') viewer.trouble = packet.toString('utf8', 0, 200)
    },
  })
}

export function filterOf(wish: Wish): string {
  switch (wish.kind) {
    case 'everything':
      return ''
    case 'flag':
      return `flag:${wish.flag}`
    case 'key':
      return `key:${wish.key}`
    default:
      return wish satisfies never
  }
}

function totalsOf(packet: Buffer): Totals {
  return {
    sequence: numberBehind(packet, '"sequence":'),
    matched: numberBehind(packet, '"matched":'),
    sent: numberBehind(packet, '"sent":'),
  }
}

function numberBehind(packet: Buffer, name: string): number {
  const at = packet.indexOf(name)
  const value = at === -1 ? Number.NaN : Number.parseInt(packet.toString('latin1', at + name.length, at + 32), 10)
  if (Number.isNaN(value)) throw new Error(`no ${name} in ${packet.toString('utf8', 0, 200)}`)
  return value
}
