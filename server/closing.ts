/** What was opened, to be closed in reverse. */
export class Closing {
  readonly #parts: { readonly name: string; readonly close: () => void | Promise<void> }[] = []

  /** Stands right under the line that opened the part. */
  add(name: string, close: () => void | Promise<void>): void {
    this.#parts.push({ name, close })
  }

  /** Closes everything, also when one part fails; the failures are thrown together at the end. */
  async close(): Promise<void> {
    const failures: Error[] = []
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      try {
        await part.close()
      } catch (cause) {
        failures.push(new Error(`could not close ${part.name}`, { cause }))
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some parts did not close')
  }
}
