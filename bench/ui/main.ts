import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { isBuilt, root } from '../../scripts/stamp.js'
import { type Figure, isReached, tableOf } from './figures.ts'
import { paintFigures, ringFigures, stillFigures } from './measure.ts'
import { openScreen, type Screen } from './screen.ts'

/** `npm run bench:ui`: the page's figures in a real browser, each beside its gate. Some minutes. */
const parts: readonly ((screen: Screen) => Promise<readonly Figure[]>)[] = [paintFigures, stillFigures, ringFigures]

if (!isBuilt()) execFileSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: 'ignore' })
const figures: Figure[] = []
for (const measure of parts) {
  const screen = await openScreen()
  figures.push(...(await measure(screen)))
  await screen.close()
}
console.log(tableOf(figures))
process.exit(figures.some((figure) => figure.gates && !isReached(figure)) ? 1 : 0)
