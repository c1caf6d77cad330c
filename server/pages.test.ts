import { createHash } from 'node:crypto'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until } from './app.fixture.ts'
import { ask } from './ask.fixture.ts'
import { Wire } from './ingest/ingest.fixture.ts'
import { exportedFolder } from './pages.fixture.ts'
import { openExportedPages } from './pages.ts'

/** The pages of this folder alone on a server; what they do not take is a 418. */
async function openPages(folder: string): Promise<string> {
  const pages = openExportedPages(folder)
  const server = createServer((request, response) => {
    if (!pages.handle(request, response)) response.writeHead(418).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function directive(policy: string, name: string): string | undefined {
  return policy
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name} `))
}

const scripts = {
  theme: 'document.documentElement.dataset.theme = "dark"',
  flight: 'self.__next_f.push([1,"a<b && c\\n"])\n// two lines',
  deep: 'console.log("a page below")',
  lost: 'console.log("not found")',
}

test('H8 the policy allows by hash each inline script of each exported page, and nothing else that is inline', async () => {
  const url = await openPages(
    exportedFolder({
      'index.html': `<script>${scripts.theme}</script><script src="/a.js" async=""></script><script id="x">${scripts.flight}</script>`,
      '404.html': `<SCRIPT>${scripts.lost}</SCRIPT>`,
      'docs/index.html': `<script type="module">${scripts.deep}</script><script async src='/b.js'></script>`,
    }),
  )
  const policy = String((await ask(url, '/')).headers['content-security-policy'])
  const hashes = Object.values(scripts).map((script) => createHash('sha256').update(script).digest('base64'))
  const sources = directive(policy, 'script-src')?.split(' ').slice(1)
  expect(new Set(sources)).toEqual(new Set(["'self'", ...hashes.map((hash) => `'sha256-${hash}'`)]))
  expect(policy).not.toMatch(/unsafe|\*/)
})

const pageHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': expect.stringMatching(/^accelerometer=\(\), .*camera=\(\).*geolocation=\(\).*usb=\(\)/),
}
const policies = {
  'default-src': "'none'",
  'style-src': "'self'",
  'connect-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
}

test('H9 every page and file, the 404 page too, comes with the security headers', async () => {
  const url = await openPages(exportedFolder({ '_next/static/a.js': 'a', 'icon.svg': '<svg/>' }))
  for (const path of ['/', '/index.html', '/?q=flag:a', '/_next/static/a.js', '/icon.svg', '/nowhere']) {
    for (const method of ['GET', 'HEAD']) {
      const { headers, text } = await ask(url, path, { method })
      expect(headers).toMatchObject(pageHeaders)
      const policy = String(headers['content-security-policy'])
      for (const [name, value] of Object.entries(policies)) expect(directive(policy, name)).toBe(`${name} ${value}`)
      if (method === 'HEAD') expect(text).toBe('')
    }
  }
})

test('H10 only what lies below /_next/static may be kept for ever', async () => {
  const url = await openPages(
    exportedFolder({
      '_next/static/chunks/a.js': 'a',
      '_next/other.js': 'b',
      '_next/static.js': 'c',
      'font.woff2': 'd',
    }),
  )
  const kept = async (path: string) => (await ask(url, path)).headers['cache-control']
  expect(await kept('/_next/static/chunks/a.js')).toBe('public, max-age=31536000, immutable')
  for (const path of ['/', '/index.html', '/_next/other.js', '/_next/static.js', '/font.woff2']) {
    expect(await kept(path)).toBe('no-cache')
  }
  expect(await kept('/_next/static/gone.js')).toBe('no-cache')
  const etag = String((await ask(url, '/')).headers.etag)
  expect((await ask(url, '/', { headers: { 'If-None-Match': etag } })).status).toBe(304)
})

test('H6 an unknown path is the 404 page', async () => {
  const url = await openPages(exportedFolder())
  const answer = await ask(url, '/nowhere?a=b')
  expect(answer).toMatchObject({ status: 404, text: '<h1>no page</h1>' })
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
  expect((await ask(url, '/')).text).toBe('<h1>the live tail</h1>')
})

test('H6 a page is only read: other methods are left to whoever takes them', async () => {
  const url = await openPages(exportedFolder())
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await ask(url, '/', { method })).status).toBe(418)
    expect((await ask(url, '/nowhere', { method })).status).toBe(418)
  }
})

test('H11 no path leads out of the folder, nor to files that are hidden', async () => {
  const folder = exportedFolder({ 'page/out/index.html': 'in', 'page/out/404.html': 'lost', 'page/out/.env': 'hidden' })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  const url = await openPages(join(folder, 'page', 'out'))
  const paths = [
    '/../../secret.txt',
    '/%2e%2e/%2e%2e/secret.txt',
    '/..%2f..%2fsecret.txt',
    '/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%5c..%5csecret.txt',
    '/..\\..\\secret.txt',
    '/_next/static/../../../../secret.txt',
    '//../../secret.txt',
    `//${folder}/secret.txt`,
    '/%00',
    '/%',
    '/%c0%ae%c0%ae/secret.txt',
    '/.env',
    '/constructor',
    '/__proto__',
  ]
  for (const path of paths) expect(await ask(url, path)).toMatchObject({ status: 404, text: 'lost' })
})

test('H12 a file that vanishes under the server breaks one answer, not the server', async () => {
  const folder = exportedFolder({ 'gone.js': 'x'.repeat(1000) })
  const url = await openPages(folder)
  rmSync(join(folder, 'gone.js'))
  await expect(ask(url, '/gone.js')).rejects.toThrow()
  expect((await ask(url, '/')).status).toBe(200)
})

test('H12 a reader who leaves half-way leaves no file open', async () => {
  const big = 'x'.repeat(20_000_000)
  const folder = exportedFolder({ 'big.js': big })
  const url = await openPages(folder)
  const openFiles = () => readdirSync('/dev/fd').length
  const before = openFiles()
  for (let reader = 0; reader < 10; reader++) {
    const wire = new Wire(Number(new URL(url).port))
    wire.write('GET /big.js HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await new Promise((resolve) => wire.socket.once('data', resolve))
    wire.socket.destroy()
    await wire.closed
  }
  await until(() => openFiles() <= before + 1)
})

test('H12 a page is answered whole whatever part is asked for', async () => {
  const url = await openPages(exportedFolder())
  for (const range of ['bytes=0-1', 'bytes=10-5', 'bytes=-3', 'bytes=900-', 'nonsense']) {
    expect(await ask(url, '/', { headers: { Range: range } })).toMatchObject({
      status: 200,
      text: '<h1>the live tail</h1>',
    })
  }
})
