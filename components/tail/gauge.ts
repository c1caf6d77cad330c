const kept = 600

/** What paints and incoming rows cost on the main thread, the newest of each: for tests and measurements. */
export class Gauge {
  #paintMs: number[] = []
  #takes: Take[] = []

  /** How long script ran for each paint: the store's look at it, and all that React made of it. */
  get paintMs(): readonly number[] {
    return this.#paintMs
  }

  /** How long it took to decode the rows of each frame and to hold them. */
  get takes(): readonly Take[] {
    return this.#takes
  }

  /** Called when a paint begins, which ends with the microtasks that it asks for. */
  painting(): void {
    const began = performance.now()
    // React asks for its own microtask when it is told: ours is asked for in a later turn of the queue, so that it runs behind it.
    queueMicrotask(() =>
      queueMicrotask(() => {
        this.#paintMs = [...this.#paintMs.slice(1 - kept), performance.now() - began]
      }),
    )
  }

  /** Takes rows in, and the time of it. */
  take(rows: number, take: () => void): void {
    const began = performance.now()
    take()
    if (rows > 0) this.#takes = [...this.#takes.slice(1 - kept), { rows, ms: performance.now() - began }]
  }
}

type Take = { readonly rows: number; readonly ms: number }
