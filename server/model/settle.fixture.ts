import { type Cursor, samePoint } from '../../domain/chain.ts'
import { until } from '../app.fixture.ts'
import type { ModelPage } from './page.fixture.ts'
import { markerRows } from './words.fixture.ts'
import type { World } from './world.fixture.ts'

const boundMs = 20_000

/** Ends every fault, posts a last row for each filter, and resolves when every viewer stands at the end of its logs. */
export async function settle(world: World): Promise<void> {
  world.note('── settle')
  await mend(world)
  await world.answered()
  for (const environmentId of world.environmentIds) {
    await until(async () => (await world.post(0, environmentId, markerRows)) === 'acknowledged', boundMs)
  }
  for (const page of world.pages) await caughtUp(world, page)
  await readToTheEnd(world)
  for (const page of world.pages) await loadAll(world, page)
  for (const page of world.pages) await caughtUp(world, page)
}

async function mend(world: World): Promise<void> {
  if (!world.redisUp) await world.reviveRedis()
  for (const [index, node] of world.nodes.entries()) {
    world.heal(index)
    node.proxy.dropMessages(false)
    await until(() => node.open(), boundMs)
  }
  for (const page of world.pages) {
    page.line.unstall()
    page.hold(false)
    if (page.node === undefined) page.goTo(0)
  }
  if (world.reader.node === undefined) world.reader.goTo(0)
}

async function caughtUp(world: World, page: ModelPage): Promise<void> {
  try {
    await until(() => isAtHeads(world, page), boundMs)
  } catch {
    const cursor = JSON.stringify(page.latest?.cursor)
    throw new Error(`${page.name} "${page.filter}" does not catch up: at ${cursor}, ${JSON.stringify(page.books)}`)
  }
}

async function readToTheEnd(world: World): Promise<void> {
  const { reader } = world
  try {
    await until(
      async () => reader.latest?.filter === reader.filter && (await areHeads(world, reader.latest.cursor)),
      boundMs,
    )
  } catch {
    throw new Error(`the script "${reader.filter}" does not come to the end: ${JSON.stringify(reader.latest?.cursor)}`)
  }
}

async function isAtHeads(world: World, page: ModelPage): Promise<boolean> {
  const { latest } = page
  if (!page.line.isConnected || !latest || latest.filter !== page.filter || page.waiting > 0) return false
  return areHeads(world, latest.cursor)
}

async function areHeads(world: World, cursor: Cursor): Promise<boolean> {
  for (const position of cursor) {
    if (!samePoint(position, await world.witness.head(position.environmentId))) return false
  }
  return true
}

async function loadAll(world: World, page: ModelPage): Promise<void> {
  for (let marker = page.skipped[0]; marker; marker = page.skipped[0]) {
    const { filled } = page.did
    const asked = marker
    await until(async () => {
      if (page.did.filled > filled || !page.skipped.some(({ id }) => id === asked.id)) return true
      if (await isAtHeads(world, page)) page.load(asked.id)
      return page.did.filled > filled
    }, boundMs)
  }
}
