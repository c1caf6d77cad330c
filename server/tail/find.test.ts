import { expect, test } from 'vitest'
import { groupsOf, openTestApp, rowsNamed } from '../app.fixture.ts'
import { TestViewer } from './viewer.fixture.ts'

test('RW15 a row is found in the log by its id, and nothing is where none has it', async () => {
  const app = await openTestApp()
  for (const flag of ['a', 'b', 'c'])
    await app.post(groupsOf({ [flag]: rowsNamed(flag, 700), other: rowsNamed('x', 3) }))
  const viewer = await TestViewer.watch(app.url)
  const newest = viewer.rows.at(-1)?.id ?? ''
  const [environment, epoch] = newest.split(':')
  const narrow = await TestViewer.watch(app.url, 'flag:nothing')
  const found = await narrow.find(`${environment}:${epoch}:1:7`)
  expect(found.map(({ id, impression }) => [id, impression.flag, impression.key])).toEqual([
    [`${environment}:${epoch}:1:7`, 'a', 'a7'],
  ])
  expect((await narrow.find(newest)).map(({ row }) => row)).toEqual([viewer.rows.at(-1)?.row])
  for (const id of [
    `${environment}:${epoch}:1:9999`,
    `${environment}:${epoch}:999:0`,
    `${environment}:another:1:0`,
    `elsewhere:${epoch}:1:0`,
    'nonsense',
  ]) {
    expect(await narrow.find(id)).toEqual([])
  }
})
