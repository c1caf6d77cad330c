/** What this browser keeps for this page: the door to its storage, which may be full, forbidden or written by anybody. */
const prefix = 'flagtail-'

/** What was kept under a name, whatever it is; `undefined` where there is nothing, or nothing that can be read. */
export function readKept(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(prefix + name) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps a value for the next visit, where the browser lets us. */
export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value))
  } catch {
    // a browser that keeps nothing still shows the page
  }
}
