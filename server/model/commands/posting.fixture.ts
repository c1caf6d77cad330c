import fc from 'fast-check'
import { mixedRows } from '../words.fixture.ts'
import type { World } from '../world.fixture.ts'
import { Step } from './command.fixture.ts'

const node = fc.nat(1)
const environment = fc.nat(1)

/** A post, awaited or left under way while the next things happen. */
export const publish = fc
  .record({ node, environment, rows: fc.integer({ min: 1, max: 60 }), mix: fc.nat(9), awaited: fc.boolean() })
  .map(({ node, environment, rows, mix, awaited }) => {
    const name = `publish(n${node}, e${environment}, ${rows} rows, mix ${mix}${awaited ? '' : ', not awaited'})`
    return new Step({
      name,
      act: async (world) => {
        const posted = world.post(node, world.environment(environment), mixedRows(rows, mix))
        if (awaited) await posted
      },
    })
  })

const postsToOverflow = 16

/** More than the log holds. */
export const trim = fc.record({ node, environment }).map(
  ({ node, environment }) =>
    new Step({
      name: `trim(n${node}, e${environment})`,
      may: ({ redisUp, troubled }) => redisUp && !troubled[node],
      act: (world) => overflow(world, node, world.environment(environment)),
    }),
)

async function overflow(world: World, node: number, environmentId: string): Promise<void> {
  const before = (await world.witness.head(environmentId)).offset
  for (let post = 0; post < postsToOverflow; post++) await world.post(node, environmentId, mixedRows(60, post))
  const first = await world.witness.firstHeld(environmentId)
  if (first !== undefined && first > before + 1) world.fired.add('log trimmed')
}

/** All that the log holds becomes too old at once. */
export const expire = environment.map(
  (environment) =>
    new Step({
      name: `expire(e${environment})`,
      may: ({ redisUp }) => redisUp,
      act: async (world) => {
        if ((await world.witness.expire(world.environment(environment))) > 0) world.fired.add('log expired')
      },
    }),
)

/** A replica takes over that had stopped following some posts ago; connections are lost. */
export const rollBack = fc.record({ node, environment, posts: fc.integer({ min: 1, max: 3 }) }).map(
  ({ node, environment, posts }) =>
    new Step({
      name: `roll back(e${environment}, ${posts} posts by n${node})`,
      may: ({ redisUp }) => redisUp,
      act: (world) => failOver(world, node, { environmentId: world.environment(environment), posts }),
    }),
)

export async function failOver(
  world: World,
  node: number,
  { environmentId, posts }: { environmentId: string; posts: number },
) {
  await world.answered()
  const goBack = await world.witness.remember(environmentId)
  for (let post = 0; post < posts; post++) await world.post(node, environmentId, mixedRows(10, post))
  const lost = await world.witness.head(environmentId)
  if (!goBack) return
  await world.rememberTrimmed(environmentId)
  await goBack()
  for (const { proxy } of world.nodes) proxy.reset()
  const now = await world.witness.head(environmentId)
  await world.witness.ready()
  for (const { chain } of world.witness.path(now, lost) ?? []) world.forgotten.add(chain.id)
  world.forgottenIn.add(environmentId)
  const { offset } = now
  if (offset >= lost.offset) return
  world.breakLogs([environmentId])
  world.fired.add('log rolled back')
  world.note(`${environmentId} rolled back from ${lost.offset} to ${offset}`)
}
