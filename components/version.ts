const generator = 'Flagtail '

/** What the page's head says of who made it, and so of its version. */
export function generatorOf(version: string): string {
  return generator + version
}

/** The version of this page, which may be older than its server's; `undefined` where the head does not say. */
export function pageVersion(): string | undefined {
  const content = document.querySelector('meta[name=generator]')?.getAttribute('content')
  return content?.startsWith(generator) ? content.slice(generator.length) : undefined
}
