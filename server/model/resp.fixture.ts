const lineEnd = Buffer.from('\r\n')
const message = /^(?:>|\*)3\r\n\$7\r\nmessage\r\n/

/** Cuts what Redis sends into whole replies, so that some of them can be left out. */
export class RespCutter {
  #rest: Buffer = Buffer.alloc(0)

  cut(bytes: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const replies: Buffer[] = []
    let from = 0
    for (let end = replyEnd(this.#rest, 0); end !== undefined; end = replyEnd(this.#rest, from)) {
      replies.push(this.#rest.subarray(from, end))
      from = end
    }
    this.#rest = this.#rest.subarray(from)
    return replies
  }
}

/** Whether a reply is something that was published. */
export function isMessage(reply: Buffer): boolean {
  return message.test(reply.toString('latin1', 0, 32))
}

/** Where the reply that begins here ends; `undefined` while it is not whole. */
function replyEnd(bytes: Buffer, from: number): number | undefined {
  const line = bytes.indexOf(lineEnd, from)
  if (line === -1) return undefined
  const end = line + lineEnd.length
  const kind = String.fromCharCode(bytes[from] ?? 0)
  const count = Number(bytes.toString('latin1', from + 1, line))
  if (kind === '$' || kind === '=' || kind === '!') return wholeText(bytes, end, count)
  if (kind === '*' || kind === '>' || kind === '~') return afterReplies(bytes, end, count)
  return kind === '%' ? afterReplies(bytes, end, 2 * count) : end
}

function wholeText(bytes: Buffer, from: number, count: number): number | undefined {
  if (count < 0) return from
  const end = from + count + lineEnd.length
  return end <= bytes.length ? end : undefined
}

function afterReplies(bytes: Buffer, from: number, count: number): number | undefined {
  let at: number | undefined = from
  for (let index = 0; index < count && at !== undefined; index++) at = replyEnd(bytes, at)
  return at
}
