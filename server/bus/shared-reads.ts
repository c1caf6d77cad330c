import type { Position } from '../../domain/chain.ts'
import type { Bus } from './bus.ts'

/** The same bus, on which those who ask for the same page at the same time share one read of it. */
export function withSharedReads(bus: Bus): Bus {
  const reading = new Map<string, Promise<unknown>>()
  const share = <Page>(key: string, read: () => Promise<Page>): Promise<Page> => {
    const known = reading.get(key) as Promise<Page> | undefined
    if (known) return known
    const fresh = read().finally(() => reading.delete(key))
    reading.set(key, fresh)
    return fresh
  }
  return {
    append: (environmentId, batches) => bus.append(environmentId, batches),
    subscribe: (environmentId, hear) => bus.subscribe(environmentId, hear),
    head: (environmentId) => bus.head(environmentId),
    after: (environmentId, position) => share(`after ${place(position)}`, () => bus.after(environmentId, position)),
    before: (environmentId, offset) =>
      share(`before ${environmentId} ${offset}`, () => bus.before(environmentId, offset)),
    watchState: (told) => bus.watchState(told),
    close: () => bus.close(),
  }
}

function place({ environmentId, epoch, offset, id }: Position): string {
  return `${environmentId} ${epoch} ${offset} ${id}`
}
