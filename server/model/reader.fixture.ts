import type { Books } from '../../domain/ledger.ts'
import { addMissed, type Section, Sections } from './sections.fixture.ts'
import { Told } from './told.fixture.ts'

export type ReaderParts = {
  readonly name: string
  /** Address of a node. */
  readonly urlOf: (node: number) => string | undefined
  /** Batches that were ever appended. */
  readonly batches: () => number
  readonly journal: (line: string) => void
}

const retryMs = 30

/**
 * A script that reads `/api/tail` as the README says: what stands above a ledger counts once the ledger has come, and
 * what came after the last one is forgotten, since the script comes back with that ledger's cursor.
 */
export class ModelReader {
  readonly name: string
  /** One per filter it read, the last is the present one. */
  readonly told: Told[] = []
  /** Where a ledger did not add up. */
  readonly wrong: string[] = []
  readonly markers = []
  /** It keeps every row. */
  readonly isSmall = false
  readonly did = { connected: 0, elsewhere: 0, left: 0 }
  readonly #parts: ReaderParts
  readonly #running: Promise<void>
  #filter = ''
  #node: number | undefined = 0
  #lastNode: number | undefined
  /** Of the last ledger under this filter. */
  #cursorText: string | undefined
  #connection = new AbortController()
  #closed = false

  constructor(parts: ReaderParts) {
    this.name = parts.name
    this.#parts = parts
    this.#running = this.#run()
  }

  get filter(): string {
    return this.#filter
  }

  get node(): number | undefined {
    return this.#node
  }

  get latest(): Told | undefined {
    return this.told.at(-1)
  }

  /** Its present filter's; made of the rows and gaps that its ledgers vouched for. */
  get books(): Books | undefined {
    const { latest } = this
    if (!latest) return undefined
    const counts = new Map<string, number>()
    for (const { impression } of latest.rows)
      counts.set(impression.treatment, (counts.get(impression.treatment) ?? 0) + 1)
    const rows = latest.rows.length
    const missed = addMissed({ impressions: 0, unknown: 0 }, latest.gaps)
    const perTreatment = { counts: [...counts], other: 0 }
    return { matched: rows, held: rows, evicted: 0, sampledOut: 0, skipped: 0, missed, perTreatment }
  }

  goTo(node: number): void {
    this.#node = node
  }

  /** Hangs up until `goTo`. */
  cut(): void {
    this.#node = undefined
    this.#connection.abort()
  }

  /** Begins from now with another filter. */
  want(filter: string): void {
    if (filter === this.#filter) return
    this.#filter = filter
    this.#cursorText = undefined
    this.#connection.abort()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#connection.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#connection = new AbortController()
      const node = this.#node
      const url = node === undefined ? undefined : this.#parts.urlOf(node)
      const ended = url !== undefined && (await this.#read(url, this.#connection.signal))
      if (ended) this.did.left++
      if (ended && this.#node === node) this.#node = node === 0 ? 1 : 0
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }

  /** Resolves with whether its server ended it well. */
  async #read(url: string, signal: AbortSignal): Promise<boolean> {
    const query = new URLSearchParams({ q: this.#filter })
    if (this.#cursorText !== undefined) query.set('cursor', this.#cursorText)
    const sections = new Sections()
    try {
      const response = await fetch(`${url}/api/tail?${query}`, { signal })
      if (response.status !== 200 || !response.body) return false
      this.#noteConnection()
      for await (const line of linesOf(response.body)) {
        if (signal.aborted) return false
        const section = sections.take(line)
        if (section) this.#take(section)
      }
      return true
    } catch (error) {
      if (error instanceof TypeError || signal.aborted) return false // no connection, or cut off
      throw error
    }
  }

  #noteConnection(): void {
    this.did.connected++
    if (this.#lastNode !== undefined && this.#lastNode !== this.#node) this.did.elsewhere++
    this.#lastNode = this.#node
    this.#parts.journal(`${this.name} is connected to n${this.#node}`)
  }

  #take({ rows, gaps, cursor, cursorText, problem }: Section): void {
    if (this.#cursorText === undefined) {
      this.told.push(new Told(this.#filter, this.#parts.batches(), { rows: [], cursor }))
    }
    this.latest?.take({ rows, cursor })
    this.latest?.gaps.push(...gaps)
    this.#cursorText = cursorText
    if (problem) this.wrong.push(`${this.name}: ${problem}`)
    if (rows.length + gaps.length > 0) {
      const at = cursor.map(({ environmentId, offset }) => `${environmentId}@${offset}`).join(' ')
      this.#parts.journal(`${this.name}: ${rows.length} rows, ${gaps.length} gaps, at ${at}`)
    }
  }
}

async function* linesOf(body: NonNullable<Response['body']>): AsyncGenerator<string> {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
