import { answerHeaders, answerJson } from './answer.ts'
import { internalError, type Route, readRoute } from './http.ts'
import type { Metrics } from './metrics.ts'

/** `/healthz`, `/readyz` (false only while starting or draining) and `/metrics`. */
export function healthRoutes(ready: () => boolean, metrics: Metrics): readonly Route[] {
  return [
    readRoute('/healthz', (_, response) => answerJson(response, 200, { ok: true })),
    readRoute('/readyz', (_, response) => answerJson(response, ready() ? 200 : 503, { ready: ready() })),
    readRoute('/metrics', (_, response) => {
      metrics.text().then(
        (text) => response.writeHead(200, { ...answerHeaders, 'Content-Type': metrics.contentType }).end(text),
        (error) => {
          metrics.failed(error)
          answerJson(response, 500, internalError)
        },
      )
    }),
  ]
}
