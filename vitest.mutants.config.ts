import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** These play with time: they come last, since a mutant is done with as soon as one test fails. */
const slow = ['silent-loss', 'joins']

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      slow.findIndex((name) => moduleId.endsWith(`tail/${name}.test.ts`))
    return [...files].sort((a, b) => rank(a) - rank(b))
  }
}

/** The tests of what is missed and what is read again, without those that start Redis or take long: `npm run mutants`. */
export default defineConfig({
  test: {
    include: [
      'domain/{chain,ledger}.test.ts',
      'server/bus/{memory,resume,resume.property}.test.ts',
      'server/tail/{catch-up*,follower*,joins,newest,past,range,read-back,silent-loss}.test.ts',
      'components/tail/*.test.ts',
    ],
    sequence: { sequencer: QuickFirst },
    setupFiles: ['scripts/mutants.setup.ts'],
    testTimeout: 6000,
    hookTimeout: 6000,
  },
})
