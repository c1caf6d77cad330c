import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { isBuilt, root } from '../../scripts/stamp.js'
import { bookFigures, soakFigures } from './books.ts'
import { type Figure, isReached, tableOf } from './figures.ts'
import { floodedFigures, smoothFigures } from './flow.ts'
import { paintFigures, ringFigures, stillFigures } from './measure.ts'
import { flipFigures, openFigures, returnFigures } from './open.ts'
import { openScreen, type Screen } from './screen.ts'

type Part = (screen: Screen) => Promise<readonly Figure[]>

const uncapped = { tailRowsPerSecond: 10_000, tailRowsBurst: 10_000 }

/**
 * `npm run bench:ui`: the page's figures in a real browser, each beside its gate. Some ten minutes; `npm run bench:ui soak`
 * is figure 7 alone, ten minutes more.
 */
const parts: readonly Part[] = [
  paintFigures,
  stillFigures,
  ringFigures,
  floodedFigures,
  openFigures,
  returnFigures,
  bookFigures,
]

if (!isBuilt()) execFileSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: 'ignore' })
const figures = process.argv[2] === 'soak' ? await measured(soakFigures) : await all()
const sorted = figures.toSorted((a, b) => Number(a.number) - Number(b.number))
console.log(tableOf(sorted))
process.exit(sorted.some((figure) => figure.gates && !isReached(figure)) ? 1 : 0)

async function all(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const part of parts) figures.push(...(await measured(part)))
  return [...figures, ...(await measured(smoothFigures, uncapped)), ...(await flipFigures())]
}

async function measured(part: Part, limits: typeof uncapped | undefined = undefined): Promise<readonly Figure[]> {
  const screen = await openScreen(limits)
  try {
    return await part(screen)
  } finally {
    await screen.close()
  }
}
