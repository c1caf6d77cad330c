import type { Post } from '../posts.ts'

/**
 * What a publisher makes of a post for a broker. `batch`, the broker's best case: a message per flag, and the whole post
 * as one message for those who watch everything. `single`, the usual case: a message per impression.
 */
export type Shape = 'batch' | 'single'

/** A message and where it goes: to a flag's viewers, or to those of everything. */
export type Message = { readonly to: string | 'everything'; readonly body: string }

const countFrom = '{"n":'.length
const countWidth = 4

/** `copies`: the broker has no wildcards, so each impression is published twice. */
export function messagesOf({ impressions, groups }: Post, shape: Shape, copies: boolean): readonly Message[] {
  switch (shape) {
    case 'batch': {
      const flags = groups.map(({ f, i }) => ({ to: f, body: counted(i.length, { f, i }) }))
      return [{ to: 'everything', body: counted(impressions, { groups }) }, ...flags]
    }
    case 'single':
      return groups.flatMap(({ f, i }) =>
        i.flatMap((row) => {
          const body = counted(1, { f, ...row })
          return copies
            ? [
                { to: f, body },
                { to: 'everything', body },
              ]
            : [{ to: f, body }]
        }),
      )
    default:
      return shape satisfies never
  }
}

/** A message says first how many rows it holds, so that a viewer need not parse it. */
function counted(rows: number, fields: object): string {
  return `{"n":${String(rows).padStart(countWidth)},${JSON.stringify(fields).slice(1)}`
}

export function rowsOfMessage(message: Buffer): number {
  return Number(message.toString('latin1', countFrom, countFrom + countWidth))
}
