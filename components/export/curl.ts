/** The same filter for a terminal: every match from now on, never sampled. Nothing in it can end the quotes. */
export function curlCommand(origin: string, query: string): string {
  const asked = query === '' ? '' : `?q=${encoded(query)}`
  return `curl -sN '${origin}/api/tail${asked}'`
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll("'", '%27')
}
