import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { listenOnFreePort } from './listen.fixture.ts'

/** A site of somebody else, on an origin of its own, that runs this script with the real packages that it imports. */
export async function startSite(
  script: string,
  plugins: readonly Plugin[] = [],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const bundled = await build({
    stdin: { contents: script, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
    plugins: [...plugins],
  })
  const text = bundled.outputFiles[0]?.text ?? ''
  const server = createServer((request, response) => {
    const isScript = request.url === '/site.js'
    response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? text : '<!doctype html><title>A shop</title><script src="/site.js"></script>')
  })
  return listenOnFreePort(server)
}

/**
 * Has `SplitFactory` of the browser SDK ask another host for its flags, as the vendor would answer: a snippet that says
 * nothing of that can then be run as it stands.
 */
export function withDefinitionsOf(definitionsUrl: string): Plugin {
  const name = '@splitsoftware/splitio-browserjs'
  return {
    name: 'definitions',
    setup: (bundle) => {
      bundle.onResolve({ filter: new RegExp(`^${name}$`) }, ({ path, pluginData }) =>
        pluginData === 'real' ? undefined : { path, namespace: 'definitions' },
      )
      bundle.onLoad({ filter: /.*/, namespace: 'definitions' }, () => ({
        contents: `import { SplitFactory as real } from '${name}'
          const vendor = { sdk: '${definitionsUrl}/api', auth: '${definitionsUrl}/api' }
          export const SplitFactory = (config) =>
            real({ ...config, urls: { ...config.urls, ...vendor }, streamingEnabled: false })`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
        pluginData: 'real',
      }))
    },
  }
}
