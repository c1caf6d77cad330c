/** Posts like those of a shop's SDKs, the same in each run but for the times. */
export class Traffic {
  readonly #url: string
  readonly #key: string
  #posts = 0

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  /** So many posts, one every `everyMs`. */
  async play(posts: number, everyMs: number): Promise<void> {
    for (let one = 0; one < posts; one++) {
      const index = this.#posts++
      await this.post(
        [index % flags.length, (index + 2) % flags.length].map((flag) => ({ f: flags[flag], i: rows(index, flag) })),
        index,
      )
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  }

  /** Some flags with their rows, as the SDK of this index sends them. */
  async post(groups: readonly unknown[], index = 0): Promise<void> {
    const response = await fetch(`${this.#url}/api/testImpressions/bulk`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${this.#key}`,
        SplitSDKVersion: sdks[index % sdks.length] ?? '',
        SplitSDKMachineName: `web-${index % 4}`,
        SplitSDKImpressionsMode: 'DEBUG',
      },
      body: JSON.stringify(groups),
    })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  }
}

const flags = ['checkout_redesign', 'search_ranking', 'legacy_banner', 'new_navigation', 'pricing_page']
const treatments = ['on', 'off', 'v1', 'v2', 'on']
const labels = ['default rule', 'in segment employees', 'whitelisted', 'country in list ["DE", "FR"]']
const sdks = ['nodejs-11.11.2', 'java-4.18.1', 'browserjs-1.7.1', 'python-10.2.0']

function rows(index: number, flag: number): readonly unknown[] {
  return Array.from({ length: 1 + ((index + flag) % 2) }, (_, row) => {
    const unready = (index * 7 + flag) % 23 === 0
    return {
      k: `user-${1000 + ((index * 37 + flag * 11 + row * 101) % 900)}`,
      t: unready ? 'control' : treatments[(index + flag * 3) % treatments.length],
      m: Date.now() - 140 - row * 20,
      ...(unready ? {} : { c: 1_795_440_000_123 }),
      r: unready ? 'not ready' : labels[(index * 3 + flag) % labels.length],
      ...(flag === 0 && { properties: JSON.stringify({ page: '/cart', plan: 'gold' }) }),
    }
  })
}
