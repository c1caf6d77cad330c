import { groupsOf } from '../app.fixture.ts'

const flagCount = 50

/** The flags, over and over again. */
export function flagAt(index: number): string {
  return `flag-${index % flagCount}`
}

/** Rows of a post, over how many of the flags, and how often there is one: 2,000 impressions a second. */
const postRows = 500
const postFlags = 10
const everyMs = 250

/** How the sender fared. */
export type LoadCounts = {
  /** Numbers of the posts that were answered 200. */
  readonly acknowledged: ReadonlySet<number>
  /** Times that a post was answered 503. */
  readonly refusals: number
  /** Times that no answer came: the log may have the post or not. */
  readonly unanswered: number
}

/** Posts impressions of many flags all the time, as an SDK does: what is not taken is sent again in the next period. */
export class Load {
  readonly #url: string
  readonly #beating: NodeJS.Timeout
  readonly #acknowledged = new Set<number>()
  #waiting: readonly number[] = []
  #next = 0
  #refusals = 0
  #unanswered = 0
  #ending = false
  #ended = (): void => {}

  constructor(url: string) {
    this.#url = url
    this.#beating = setInterval(() => this.#beat(), everyMs)
  }

  get counts(): LoadCounts {
    return { acknowledged: this.#acknowledged, refusals: this.#refusals, unanswered: this.#unanswered }
  }

  /** No new posts; resolves when every one was acknowledged. */
  async end(): Promise<void> {
    this.#ending = true
    if (this.#acknowledged.size < this.#next) {
      await new Promise<void>((resolve) => {
        this.#ended = resolve
      })
    }
    this.close()
  }

  close(): void {
    clearInterval(this.#beating)
  }

  #beat(): void {
    const again = this.#waiting
    this.#waiting = []
    for (const post of this.#ending ? again : [...again, this.#next++]) void this.#post(post)
  }

  async #post(post: number): Promise<void> {
    const outcome = await send(this.#url, post)
    if (outcome === 'refused') this.#refusals++
    if (outcome === 'unanswered') this.#unanswered++
    if (outcome === 'acknowledged') this.#acknowledged.add(post)
    else this.#waiting = [...this.#waiting, post]
    if (this.#ending && this.#acknowledged.size === this.#next) this.#ended()
  }
}

/** The names of a post's rows, each given once; they travel as keys. */
export function namesOf(post: number): readonly string[] {
  return Array.from({ length: postRows }, (_, row) => `${post}-${row}`)
}

async function send(url: string, post: number): Promise<'acknowledged' | 'refused' | 'unanswered'> {
  const names = namesOf(post)
  const rowsOf = (nth: number) => names.filter((_, row) => row % postFlags === nth).map((k) => ({ k }))
  const evaluated = Array.from({ length: postFlags }, (_, nth) => flagAt(post * postFlags + nth))
  const groups = groupsOf(Object.fromEntries(evaluated.map((flag, nth) => [flag, rowsOf(nth)])))
  try {
    const response = await fetch(`${url}/api/testImpressions/bulk`, {
      method: 'POST',
      headers: { Authorization: 'Bearer some-sdk-key', SplitSDKVersion: 'nodejs-11.11.2' },
      body: JSON.stringify(groups),
    })
    await response.text()
    if (response.status !== 200 && response.status !== 503) throw new Error(`a post was answered ${response.status}`)
    return response.status === 200 ? 'acknowledged' : 'refused'
  } catch (error) {
    if (error instanceof TypeError) return 'unanswered'
    throw error
  }
}
