import { createHash } from 'node:crypto'
import { type ReadStream, readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import type { Route } from './http.ts'

/** Whatever shows the page: the exported one, or in development the one that Next makes. */
export interface Pages {
  /** Takes what only reads: it is a page, or not found. In development also what Next's own tools post. */
  readonly handle: Route
  close(): Promise<void>
}

/** Serves the exported page from a folder, under a policy that lets nothing in but the page's own files. */
export function openExportedPages(folder: string): Pages {
  const headers = pageHeaders(scriptHashes(folder))
  const notFound = readFileSync(join(folder, '404.html'))
  const serve = sirv(folder, {
    etag: true,
    setHeaders: (response, path) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      const immutable = path.startsWith('/_next/static/')
      response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return {
    handle: (request, response) => {
      if ((request.method !== 'GET' && request.method !== 'HEAD') || request.url?.startsWith('/api/')) return false
      delete request.headers.range // a part of a page is of no use, and sirv trips over bad ranges
      response.once('pipe', (file: ReadStream) => endWithAnswer(file, response))
      serve(request, response, () => {
        response.writeHead(404, { ...headers, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' })
        response.end(request.method === 'HEAD' ? undefined : notFound)
      })
      return true
    },
    close: async () => {},
  }
}

/** sirv leaves a file open when its reader goes, and breaks the process when the file has gone since the start. */
function endWithAnswer(file: ReadStream, response: ServerResponse): void {
  file.once('error', () => response.destroy())
  response.once('close', () => file.destroy())
}

/** Nothing of what browsers can lend a page is used, but for writing to the clipboard. */
const unused = [
  ...['accelerometer', 'autoplay', 'browsing-topics'],
  ...['camera', 'captured-surface-control', 'compute-pressure', 'digital-credentials-get', 'display-capture'],
  ...['encrypted-media', 'fullscreen', 'gamepad', 'geolocation', 'gyroscope', 'hid', 'identity-credentials-get'],
  ...[
    'idle-detection',
    'keyboard-map',
    'local-fonts',
    'magnetometer',
    'microphone',
    'midi',
    'otp-credentials',
    'payment',
  ],
  ...['picture-in-picture', 'private-state-token-issuance', 'private-state-token-redemption'],
  ...['publickey-credentials-create', 'publickey-credentials-get', 'screen-wake-lock', 'serial', 'speaker-selection'],
  ...['storage-access', 'sync-xhr', 'unload', 'usb', 'window-management', 'xr-spatial-tracking'],
]

function pageHeaders(hashes: readonly string[]): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${hashes.map((hash) => `'sha256-${hash}'`).join(' ')}`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ]
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': unused.map((feature) => `${feature}=()`).join(', '),
  }
}

/** SHA-256 of each inline script of the exported pages, in base64, as a content security policy wants them. */
function scriptHashes(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const pages = names.filter((name) => name.endsWith('.html'))
  const scripts = pages.flatMap((name) => [
    ...readFileSync(join(folder, name), 'utf8').matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi),
  ])
  return [
    ...new Set(
      scripts.map(([, script]) =>
        createHash('sha256')
          .update(script ?? '')
          .digest('base64'),
      ),
    ),
  ]
}
