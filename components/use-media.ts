import { useMemo, useSyncExternalStore } from 'react'

/** Where the facets stand beside the rows; the same width as the theme's `wide`. */
export const wideScreen = '(min-width: 75rem)'

/** Whether the window is like this, now and whenever it changes. */
export function useMedia(query: string): boolean {
  const media = useMemo(() => window.matchMedia(query), [query])
  const subscribe = useMemo(
    () => (changed: () => void) => {
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    [media],
  )
  return useSyncExternalStore(subscribe, () => media.matches)
}
