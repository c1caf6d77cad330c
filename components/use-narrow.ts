import { useSyncExternalStore } from 'react'

const query = '(max-width: 639px)'

/** Whether the window is as narrow as a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(watch, isNarrow, isNarrow)
}

function watch(changed: () => void): () => void {
  const media = window.matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

function isNarrow(): boolean {
  return window.matchMedia(query).matches
}
