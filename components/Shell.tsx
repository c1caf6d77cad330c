import { Brand } from './Brand.tsx'

/** The page before its script runs: the same strips in the same places, so that nothing jumps. */
export function Shell() {
  return (
    <div className="flex h-dvh flex-col overflow-hidden" aria-busy="true">
      <header className="flex h-12 items-center border-line border-b bg-surface px-4 max-sm:px-3">
        <Brand />
      </header>
      <div className="h-11 border-line border-b" />
      <div className="h-[72px] border-line border-b max-sm:h-10" />
      <div className="h-7 border-line border-b" />
      <div className="flex-1" />
      <div className="h-7 border-line border-t bg-surface" />
      <noscript>
        <p className="p-4">Flagtail shows rows as they arrive, for which it needs JavaScript.</p>
      </noscript>
    </div>
  )
}
