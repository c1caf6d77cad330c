import fc from 'fast-check'
import { filters } from '../words.fixture.ts'
import { Step } from './command.fixture.ts'

export const hangUp = fc.constant(
  new Step({
    name: 'hang up(script)',
    may: (plan) => !plan.scriptCut,
    plan: (plan) => {
      plan.scriptCut = true
    },
    act: (world) => {
      world.reader.cut()
      world.fired.add('script hung up')
    },
  }),
)

export const readOn = fc.nat(1).map(
  (node) =>
    new Step({
      name: `read on(script, n${node})`,
      may: (plan) => plan.scriptCut,
      plan: (plan) => {
        plan.scriptCut = false
      },
      act: (world) => world.reader.goTo(node),
    }),
)

export const readOther = fc.nat(filters.length - 1).map(
  (filter) =>
    new Step({
      name: `filter(script, "${filters[filter]}")`,
      act: (world) => world.reader.want(world.filter(filter)),
    }),
)
