export type CurlParts = {
  readonly origin: string
  readonly query: string
  /** The server wants its token, which the page does not know. */
  readonly signed: boolean
}

/** The same filter for a terminal: every match from now on, never sampled. Nothing in it can end the quotes. */
export function curlCommand({ origin, query, signed }: CurlParts): string {
  const asked = query === '' ? '' : `?q=${encoded(query)}`
  const token = signed ? '-H "Authorization: Bearer $FLAGTAIL_TOKEN" ' : ''
  return `curl -sN ${token}'${origin}/api/tail${asked}'`
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll("'", '%27')
}
