import { type Flagtail, impressions } from './flagtail.fixture.ts'

const postsPerSecond = 20
const flags = ['checkout', 'search', 'banner', 'pricing']
const treatments = ['on', 'off', 'v1', 'v2']

/** Posts so many impressions a second until it is stopped; what a slow server did not take in time is not caught up. */
export function flood({ post }: Pick<Flagtail, 'post'>, perSecond: number): { readonly stop: () => Promise<void> } {
  const rows = Math.round(perSecond / postsPerSecond)
  let posts = 0
  let last = Promise.resolve()
  const timer = setInterval(() => {
    const index = posts++
    const keys = Array.from({ length: rows }, (_, row) => ({ k: `u${index}-${row}`, t: treatments[row % 4], r: 'all' }))
    last = post([impressions(flags[index % flags.length] ?? '', keys)])
  }, 1000 / postsPerSecond)
  return {
    stop: async () => {
      clearInterval(timer)
      await last
    },
  }
}
