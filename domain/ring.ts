/** The newest `capacity` items; a push beyond it evicts the oldest and says so. Push and access cost the same at any size. */
export class Ring<Item> {
  readonly capacity: number
  #items: Item[] = []
  #oldest = 0
  #evicted = 0

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new Error(`a ring of ${capacity} cannot hold anything`)
    this.capacity = capacity
  }

  get size(): number {
    return this.#items.length
  }

  /** How many items were pushed out since the ring was made or refilled. */
  get evicted(): number {
    return this.#evicted
  }

  /** Returns what had to go. */
  push(item: Item): Item | undefined {
    if (this.#items.length < this.capacity) {
      this.#items.push(item)
      return undefined
    }
    const gone = this.#items[this.#oldest]
    this.#items[this.#oldest] = item
    this.#oldest = (this.#oldest + 1) % this.capacity
    this.#evicted++
    return gone
  }

  /** The item at a distance from the newest, which is 0. */
  at(fromNewest: number): Item | undefined {
    if (fromNewest < 0 || fromNewest >= this.#items.length) return undefined
    return this.#items[(this.#oldest + this.#items.length - 1 - fromNewest) % this.#items.length]
  }

  /** At most `count` items, newest first; of those that pass, if that is asked. */
  newest(count: number, passes?: (item: Item) => boolean): Item[] {
    const items: Item[] = []
    for (let index = 0; index < this.size && items.length < count; index++) {
      const item = this.at(index) as Item
      if (!passes || passes(item)) items.push(item)
    }
    return items
  }

  /** References to all items, oldest first; later pushes do not change it. */
  snapshot(): Item[] {
    return [...this.#items.slice(this.#oldest), ...this.#items.slice(0, this.#oldest)]
  }

  /** Takes these in place of everything, oldest first, and returns those at the old end that did not fit. */
  refill(items: readonly Item[]): Item[] {
    const over = Math.max(0, items.length - this.capacity)
    this.#items = items.slice(over)
    this.#oldest = 0
    this.#evicted = 0
    return items.slice(0, over)
  }
}
