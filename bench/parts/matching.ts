import { once } from 'node:events'
import { bundled } from '../bundle.ts'
import { startProcess } from '../processes.ts'
import type { Matching } from './filter-counts.ts'

export async function measureMatching(seconds: number): Promise<Matching> {
  const { command, args } = await bundled('parts/matching-program')
  const { child } = startProcess({ command, args: [...args, `${seconds}`], output: 'pipe' })
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  await once(child, 'close')
  return JSON.parse(output)
}
