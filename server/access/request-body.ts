import type { IncomingMessage } from 'node:http'

const bodyBytes = 8 * 1024

/** A small JSON object that was posted; nothing posted is an empty one, anything else `undefined`. */
export async function readSmallBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) return undefined
      bytes += chunk.length
      if (bytes > bodyBytes) return undefined
      chunks.push(chunk)
    }
    const parsed: unknown = bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined
  } catch {
    return undefined // no JSON, or its sender left
  }
}
