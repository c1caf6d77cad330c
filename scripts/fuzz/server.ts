import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientKey, serverKey } from '../../server/ingest/ingest.fixture.ts'
import { serverFile } from '../stamp.js'

export const healthyKey = 'healthy-server-key-of-the-fuzzing'
export const stormKey = 'storm-server-key-of-the-fuzzing'

const much = 1_000_000_000
const environment = (id: string, keys: readonly { readonly kind: 'server' | 'client'; readonly key: string }[]) => ({
  id,
  name: id,
  sdkKeys: keys,
})
/** The keys of the recorded posts have an environment of their own; waits are shorter, so that more can be tried. */
const config = {
  environments: [
    environment('fuzz', [
      { kind: 'server', key: serverKey },
      { kind: 'client', key: clientKey },
    ]),
    environment('healthy', [{ kind: 'server', key: healthyKey }]),
    environment('storm', [{ kind: 'server', key: stormKey }]),
  ],
  limits: {
    serverKeyPostsPerSecond: much,
    serverKeyPostsBurst: much,
    serverKeyImpressionsPerSecond: much,
    clientKeyPostsPerSecond: much,
    clientAddressPostsPerSecond: much,
    clientAddressPostsBurst: much,
    bodyMs: 3000,
    headersMs: 3000,
  },
}

/** The built server in a process of its own. */
export class FuzzedServer {
  readonly port: number
  readonly url: string
  readonly #child: ChildProcess
  readonly #told: string[]
  readonly #folder: string

  private constructor(child: ChildProcess, url: string, told: string[], folder: string) {
    this.#child = child
    this.#told = told
    this.#folder = folder
    this.url = url
    this.port = Number(new URL(url).port)
  }

  static async open(): Promise<FuzzedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'flagtail-fuzz-'))
    const file = join(folder, 'flagtail.json')
    writeFileSync(file, JSON.stringify(config))
    const child = spawn(process.execPath, [serverFile], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', FLAGTAIL_AUTH: 'none', FLAGTAIL_CONFIG: file },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    process.once('exit', () => child.kill('SIGKILL'))
    const told: string[] = []
    child.stderr.on('data', (text) => {
      told.push(String(text))
      if (told.length > 100) told.shift()
    })
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (text) => {
        const found = /http:\/\/\S+/.exec(String(text))?.[0]
        if (found) resolve(found)
      })
      child.once('exit', (code) => reject(new Error(`the server left with ${code}: ${told.join('')}`)))
    })
    return new FuzzedServer(child, url, told, folder)
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** The last that it wrote to its log. */
  get told(): string {
    return this.#told.join('')
  }

  /** A number of `/metrics`, summed over its labels. */
  async numbers(...names: readonly string[]): Promise<readonly number[]> {
    const text = await (await fetch(`${this.url}/metrics`)).text()
    return names.map((name) =>
      [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      ),
    )
  }

  /** Whether it left with code 0 when asked to. */
  async close(): Promise<boolean> {
    if (this.isAlive) {
      this.#child.kill('SIGTERM')
      await once(this.#child, 'exit')
    }
    rmSync(this.#folder, { recursive: true })
    return this.#child.exitCode === 0
  }
}
