/** Everything that a run may do to the world; each must have had its effect at least once over all runs. */
export const faults = [
  'post acknowledged',
  'post refused',
  'viewer stalled until it left its room',
  'viewer cut',
  'viewer reconnected',
  'viewer moved to the other node',
  'filter changed',
  'viewer held',
  'viewer released',
  'skipped rows loaded',
  'rows skipped',
  'rows sampled out',
  'log trimmed',
  'log expired',
  'log rolled back',
  'Redis killed',
  'node blackholed',
  'node half-open',
  'node reset',
  'messages dropped in silence',
  'node restarted',
  'viewer drained',
  'script hung up',
  'script came back',
  'script moved to the other node',
  'script sent away',
  'script given a gap',
  'gap with a count told',
  'gap without a count told',
] as const
export type Fault = (typeof faults)[number]

/** How often each fault had its effect. */
export class Fired {
  readonly #counts = new Map<Fault, number>()

  add(fault: Fault, times = 1): void {
    if (times > 0) this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + times)
  }

  get never(): readonly Fault[] {
    return faults.filter((fault) => !this.#counts.has(fault))
  }

  get text(): string {
    return faults.map((fault) => `${fault} ${this.#counts.get(fault) ?? 0}`).join(' · ')
  }
}
