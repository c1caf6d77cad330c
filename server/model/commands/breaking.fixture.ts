import fc from 'fast-check'
import { Step } from './command.fixture.ts'

const node = fc.constantFrom(0 as const, 1 as const)

export const killRedis = fc.constant(
  new Step({
    name: 'kill Redis',
    may: (plan) => plan.redisUp,
    plan: (plan) => {
      plan.redisUp = false
      plan.troubled.fill(false)
    },
    act: (world) => world.killRedis(),
  }),
)

export const reviveRedis = fc.constant(
  new Step({
    name: 'revive Redis',
    may: (plan) => !plan.redisUp,
    plan: (plan) => {
      plan.redisUp = true
    },
    act: (world) => world.reviveRedis(),
  }),
)

export const trouble = fc.record({ node, fault: fc.constantFrom('blackhole' as const, 'half-open' as const) }).map(
  ({ node, fault }) =>
    new Step({
      name: `${fault}(n${node})`,
      may: (plan) => plan.redisUp && !plan.troubled[node],
      plan: (plan) => {
        plan.troubled[node] = true
      },
      act: (world) => world.node(node).proxy.set(fault),
    }),
)

export const heal = node.map(
  (node) =>
    new Step({
      name: `heal(n${node})`,
      may: (plan) => plan.redisUp && plan.troubled[node],
      plan: (plan) => {
        plan.troubled[node] = false
      },
      act: (world) => world.heal(node),
    }),
)

export const reset = node.map(
  (node) =>
    new Step({
      name: `reset(n${node})`,
      may: (plan) => plan.redisUp && !plan.troubled[node],
      act: (world) => {
        const { proxy } = world.node(node)
        const before = proxy.did.reset
        proxy.reset()
        if (proxy.did.reset > before) world.fired.add('node reset')
      },
    }),
)

/** What is published does not reach this node, and nothing tells it so. */
export const dropMessages = node.map(
  (node) =>
    new Step({
      name: `drop messages(n${node})`,
      may: (plan) => !plan.dropping[node],
      plan: (plan) => {
        plan.dropping[node] = true
      },
      act: (world) => world.node(node).proxy.dropMessages(true),
    }),
)

export const bringMessages = node.map(
  (node) =>
    new Step({
      name: `bring messages(n${node})`,
      may: (plan) => plan.dropping[node],
      plan: (plan) => {
        plan.dropping[node] = false
      },
      act: (world) => world.node(node).proxy.dropMessages(false),
    }),
)

/** Closed well, and opened again when its Redis can be used. */
export const restartNode = node.map(
  (node) =>
    new Step({
      name: `restart(n${node})`,
      act: (world) => world.restart(node),
    }),
)
