import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../stamp.js'
import { type Input, readInput, writeInput } from './input.ts'

const captures = join(root, 'server', 'ingest', 'captures')
const folder = join(captures, 'fuzz')

/** So many inputs are kept, and no body larger than this. */
const mostKept = 200
const mostBytes = 1500

/** What the real SDKs sent, as it was recorded. */
export function recorded(): readonly Input[] {
  return readdirSync(captures)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { method, path, headers, bodyText } = JSON.parse(readFileSync(join(captures, name), 'utf8'))
      const kept = (headers as (readonly [string, string])[]).filter(
        ([header]) => !/^(host|content-length|connection|user-agent|referer|accept|accept-.*|sec-.*)$/i.test(header),
      )
      return {
        method,
        target: path,
        version: 'HTTP/1.1',
        headers: [['Host', '127.0.0.1'], ...kept],
        body: Buffer.from(bodyText ?? ''),
        framing: 'length',
        delivery: { how: 'whole' },
      }
    })
}

/** Inputs by the behaviour that each showed first, over all runs. */
export class Corpus {
  readonly #inputs = new Map<string, Input>()
  readonly #isKept: boolean
  #found = 0

  constructor(isKept: boolean) {
    this.#isKept = isKept
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder)) {
      const { behaviour, ...input } = readInput(readFileSync(join(folder, name), 'utf8'))
      this.#inputs.set(behaviour, input)
    }
  }

  get size(): number {
    return this.#inputs.size
  }

  /** Behaviours that were not known before this run. */
  get found(): number {
    return this.#found
  }

  get inputs(): readonly Input[] {
    return [...this.#inputs.values()]
  }

  /** Keeps an input that does what none did before; small ones in a file too. */
  add(behaviour: string, input: Input): void {
    if (this.#inputs.has(behaviour)) return
    this.#found++
    const isSmall = input.body.length <= mostBytes && JSON.stringify(input.headers).length <= mostBytes
    if (!isSmall && this.#inputs.size > mostKept) return
    this.#inputs.set(behaviour, input)
    if (!this.#isKept || !isSmall || readdirSync(folder).length >= mostKept) return
    const name = createHash('sha256').update(behaviour).digest('hex').slice(0, 16)
    writeFileSync(join(folder, `${name}.json`), writeInput(input, behaviour))
  }
}
