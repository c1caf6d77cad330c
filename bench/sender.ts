import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { PreparedPost } from './posts.ts'

/** How a contender's wire says yes and no. */
export type Answers = {
  /** The bytes that each answer of success contains exactly once. */
  readonly yes: string
  /** What tells a failure. */
  readonly no: RegExp
  /** Sent first. */
  readonly hello?: Buffer
  /** What answers it. */
  readonly welcome?: string
}

/** One connection that posts, whatever the wire: it writes ready bytes and counts the answers. */
export class Sender {
  readonly #socket: Socket
  readonly #answers: Answers
  readonly #yes: Buffer
  readonly #waiting: { left: number; readonly taken: () => void; readonly failed: (error: Error) => void }[] = []
  #tail: Buffer = Buffer.alloc(0)
  #closed = false

  private constructor(socket: Socket, answers: Answers) {
    this.#socket = socket
    this.#answers = answers
    this.#yes = Buffer.from(answers.yes, 'latin1')
    socket.on('data', (chunk) => this.#hear(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server hung up on the sender')))
  }

  static async open(port: number, answers: Answers): Promise<Sender> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    if (answers.hello) {
      socket.write(answers.hello)
      for (let heard = ''; !heard.includes(answers.welcome ?? ''); )
        heard += (await once(socket, 'data'))[0].toString('latin1')
    }
    return new Sender(socket, answers)
  }

  /** Posts that are not answered yet. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Resolves when the server has taken all of it. */
  send(prepared: PreparedPost): Promise<void> {
    return new Promise((taken, failed) => {
      this.#waiting.push({ left: prepared.answers, taken, failed })
      this.#socket.write(prepared.bytes)
    })
  }

  close(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  #hear(chunk: Buffer): void {
    const heard = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk])
    let read = 0
    for (let at = heard.indexOf(this.#yes); at !== -1; at = heard.indexOf(this.#yes, read)) {
      read = at + this.#yes.length
      this.#answered()
    }
    const no = this.#answers.no.exec(heard.toString('latin1'))
    if (no) this.#fail(new Error(`refused: ${no[0]}`))
    this.#tail = heard.subarray(Math.max(read, heard.length - this.#yes.length + 1))
  }

  #answered(): void {
    const first = this.#waiting[0]
    if (!first || --first.left > 0) return
    this.#waiting.shift()
    first.taken()
  }

  #fail(error: Error): void {
    if (!this.#closed) for (const { failed } of this.#waiting.splice(0)) failed(error)
  }
}
