import { type Flagged, rowName } from './words.fixture.ts'

/** `refused`: it may be in the log or not. */
export type PostOutcome = 'acknowledged' | 'refused'

export type Post = {
  readonly environmentId: string
  /** Names of its rows: each is given once in a run. */
  readonly names: readonly string[]
  outcome: PostOutcome | 'under way'
  readonly askedMs: number
  answeredMs: number
}

/** Posts as SDKs do, and remembers what was answered. */
export class Posts {
  readonly all: Post[] = []
  #rows = 0

  async post(url: string, environmentId: string, rows: readonly Flagged[]): Promise<PostOutcome> {
    const named = rows.map((row) => ({ ...row, name: rowName(this.#rows++) }))
    const post: Post = {
      environmentId,
      names: named.map(({ name }) => name),
      outcome: 'under way',
      askedMs: performance.now(),
      answeredMs: 0,
    }
    this.all.push(post)
    post.outcome = await send(url, environmentId, named)
    post.answeredMs = performance.now()
    return post.outcome
  }
}

/** The SDK key of an environment. */
export function keyOf(environmentId: string): string {
  return `model-sdk-key-of-${environmentId}`
}

async function send(url: string, environmentId: string, rows: readonly (Flagged & { readonly name: string })[]) {
  const flags = [...new Set(rows.map(({ flag }) => flag))]
  const groups = flags.map((f) => ({
    f,
    i: rows
      .filter(({ flag }) => flag === f)
      .map(({ key, treatment, name }) => ({ k: key, t: treatment, m: 1, b: name })),
  }))
  try {
    const response = await fetch(`${url}/api/testImpressions/bulk`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${keyOf(environmentId)}`, SplitSDKVersion: 'nodejs-11.11.2' },
      body: JSON.stringify(groups),
      signal: AbortSignal.timeout(10_000),
    })
    await response.text()
    if (response.status !== 200 && response.status !== 503) throw new Error(`a post was answered ${response.status}`)
    return response.status === 200 ? 'acknowledged' : 'refused'
  } catch (error) {
    if (error instanceof TypeError) return 'refused' // no connection, or cut off before the answer
    throw error
  }
}
