/** What the address says about how somebody came here. */
export type Arrival = { readonly token: string | undefined; readonly problem: string | undefined }

const problems: ReadonlyMap<string, string> = new Map([
  ['failed', 'That sign-in did not work. Try again; whoever runs Flagtail finds the reason in its log.'],
  ['unavailable', 'The sign-in service cannot be reached right now. Try again in a moment.'],
])

/** Reads the fragment of the address. A token in it was never sent to any server. */
export function readArrival(fragment: string): Arrival {
  const said = new URLSearchParams(fragment.replace(/^#/, ''))
  return { token: said.get('token') ?? undefined, problem: problems.get(said.get('sign-in') ?? '') }
}

/** Reads the browser's address, and takes out of it, and of its history, what nobody should see there. */
export function takeArrival(): Arrival {
  const arrival = readArrival(window.location.hash)
  if (arrival.token !== undefined || arrival.problem !== undefined) {
    window.history.replaceState(window.history.state, '', `${window.location.pathname}${window.location.search}`)
  }
  return arrival
}

/** The token of what somebody pasted: the whole link, or the token alone. */
export function tokenOf(pasted: string): string {
  const text = pasted.trim()
  const at = text.indexOf('#token=')
  return at === -1 ? text : text.slice(at + '#token='.length)
}
