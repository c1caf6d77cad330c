export type CrowdLimits = { readonly socketsPerPerson: number; readonly socketsPerAddress: number }

/** Who is behind a socket. */
export type Visit = { readonly person: string; readonly address: string }

/** Counts the sockets of each person and each address, so that one cannot take the places of all. */
export class Crowd {
  readonly #limits: CrowdLimits | undefined
  readonly #persons = new Map<string, number>()
  readonly #addresses = new Map<string, number>()

  /** Without limits there are none. */
  constructor(limits: CrowdLimits | undefined) {
    this.#limits = limits
  }

  /** Why there is no room for one more, if there is none. */
  isFull({ person, address }: Visit): string | undefined {
    if (!this.#limits) return undefined
    const { socketsPerPerson, socketsPerAddress } = this.#limits
    if ((this.#persons.get(person) ?? 0) >= socketsPerPerson) {
      return `You have ${socketsPerPerson} live tails open: close one`
    }
    if ((this.#addresses.get(address) ?? 0) >= socketsPerAddress) {
      return `${socketsPerAddress} live tails are open from your address`
    }
    return undefined
  }

  /** One more; returns how it leaves. */
  enter({ person, address }: Visit): () => void {
    change(this.#persons, person, 1)
    change(this.#addresses, address, 1)
    return () => {
      change(this.#persons, person, -1)
      change(this.#addresses, address, -1)
    }
  }
}

function change(counts: Map<string, number>, name: string, by: number): void {
  const count = (counts.get(name) ?? 0) + by
  if (count > 0) counts.set(name, count)
  else counts.delete(name)
}
