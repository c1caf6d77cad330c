import { afterEach } from 'vitest'
import type { Limits } from '../../domain/limits.ts'
import type { Bus } from './bus.ts'
import { hearingContract } from './hearing.contract.ts'
import { logContract } from './log.contract.ts'

/** A bus whose limits are the defaults with these overrides. */
export type OpenBus = (overrides?: Partial<Limits>) => Promise<Bus>

/** What every bus must do; each test has an environment of its own, and what it opened is closed behind it. */
export function busContract(name: string, open: OpenBus): void {
  const opened: Bus[] = []
  let tests = 0

  async function given(overrides?: Partial<Limits>) {
    const bus = await open(overrides)
    opened.push(bus)
    tests++
    return { bus, environmentId: `contract-${tests}` }
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((bus) => bus.close()))
  })

  logContract(name, given)
  hearingContract(name, given)
}
