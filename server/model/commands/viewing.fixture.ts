import fc from 'fast-check'
import { modelLimits } from '../limits.fixture.ts'
import type { ModelPage } from '../page.fixture.ts'
import { filters } from '../words.fixture.ts'
import { Step } from './command.fixture.ts'

const viewer = fc.nat(2)
/** A server looks at who is silent so often. */
const presenceCheckMs = 250

export const stall = viewer.map(
  (viewer) =>
    new Step({
      name: `stall(v${viewer})`,
      may: (plan) => !plan.stalled[viewer] && !plan.cut[viewer],
      plan: (plan) => {
        plan.stalled[viewer] = true
      },
      act: (world) => world.page(viewer).line.stall(),
    }),
)

/** Reads on; `late`: not before its server must have given it up. */
export const unstall = fc.record({ viewer, late: fc.constantFrom(true, true, false) }).map(
  ({ viewer, late }) =>
    new Step({
      name: `un-stall(v${viewer}${late ? ', late' : ''})`,
      may: (plan) => plan.stalled[viewer] === true,
      plan: (plan) => {
        plan.stalled[viewer] = false
      },
      act: async (world) => {
        if (late) await pass(modelLimits.viewerSilentMs + 2 * presenceCheckMs)
        world.page(viewer).line.unstall()
      },
    }),
)

export const cut = viewer.map(
  (viewer) =>
    new Step({
      name: `cut(v${viewer})`,
      may: (plan) => !plan.cut[viewer],
      plan: (plan) => {
        plan.cut[viewer] = true
        plan.stalled[viewer] = false
      },
      act: (world) => {
        const page = world.page(viewer)
        if (page.line.isConnected) world.fired.add('viewer cut')
        page.cut()
      },
    }),
)

export const reconnect = fc.record({ viewer, node: fc.nat(1) }).map(
  ({ viewer, node }) =>
    new Step({
      name: `reconnect(v${viewer}, n${node})`,
      may: (plan) => plan.cut[viewer] === true,
      plan: (plan) => {
        plan.cut[viewer] = false
      },
      act: (world) => world.page(viewer).goTo(node),
    }),
)

export const changeFilter = fc.record({ viewer, filter: fc.nat(filters.length - 1) }).map(
  ({ viewer, filter }) =>
    new Step({
      name: `filter(v${viewer}, "${filters[filter]}")`,
      act: (world) => world.page(viewer).want(world.filter(filter)),
    }),
)

export const hold = viewer.map(
  (viewer) =>
    new Step({
      name: `hold(v${viewer})`,
      may: (plan) => !plan.held[viewer],
      plan: (plan) => {
        plan.held[viewer] = true
      },
      act: (world) => world.page(viewer).hold(true),
    }),
)

export const release = viewer.map(
  (viewer) =>
    new Step({
      name: `release(v${viewer})`,
      may: (plan) => plan.held[viewer] === true,
      plan: (plan) => {
        plan.held[viewer] = false
      },
      act: (world) => world.page(viewer).hold(false),
    }),
)

/** Asks for the rows of a marker, the oldest or the newest. */
export const load = fc.record({ viewer, oldest: fc.boolean() }).map(
  ({ viewer, oldest }) =>
    new Step({
      name: `load(v${viewer}, ${oldest ? 'oldest' : 'newest'})`,
      act: (world) => {
        const marker = world.page(viewer).skipped.at(oldest ? 0 : -1)
        if (marker) world.page(viewer).load(marker.id)
      },
    }),
)

/** Time enough for a frame or two, as far as anybody gets one. */
export const breathe = fc.constant(
  new Step({ name: 'breathe', act: (world) => Promise.race([pass(500), ...world.pages.map(nextStep)]) }),
)

async function nextStep(page: ModelPage): Promise<void> {
  const before = page.latest?.steps.length
  const deadline = performance.now() + 500
  while (page.latest?.steps.length === before && performance.now() < deadline) await pass(5)
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
