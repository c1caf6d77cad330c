import { quietButton } from './styles.ts'
import { clockTime, compact } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

/** Why there are no rows. Quiet is healthy; a filter that finds nothing can be taken off. */
export function EmptyState({ store, view }: { readonly store: TailStore; readonly view: View }) {
  const { search, settled, facets, clearedAtMs } = view
  const perSecond = (facets?.environments.values ?? []).reduce((sum, [, impressions]) => sum + impressions, 0) / 60
  if (!settled) return null
  if (clearedAtMs !== undefined) return <Cleared atMs={clearedAtMs} still={view.mode !== 'live'} />
  if (view.mode === 'paused' || view.mode === 'reading') return <Still waiting={view.waiting} />
  return (
    <div className="pointer-events-none absolute inset-x-0 top-8 bottom-0 grid place-content-center gap-3 p-6 text-center">
      <h2 className="font-semibold text-[15px]">
        {search.canonical === '' ? 'No impressions yet' : 'No impression matches'}
      </h2>
      <p className="max-w-md text-muted">
        {search.canonical === ''
          ? 'New rows appear here as they arrive.'
          : `${perSecond === 0 ? 'Nothing came in the last minute.' : `None of ${perSecond < 1 ? 'fewer than 1' : compact(perSecond)}/s match this filter.`} New matches appear here as they arrive.`}
      </p>
      {search.canonical !== '' && (
        <p>
          <button type="button" className={`${quietButton} pointer-events-auto`} onClick={() => store.setText('')}>
            Clear the filter
          </button>
        </p>
      )}
    </div>
  )
}

function Cleared({ atMs, still }: { readonly atMs: number; readonly still: boolean }) {
  return (
    <p className="pointer-events-none absolute inset-x-0 top-8 bottom-0 grid place-content-center p-6 text-center text-muted tabular-nums">
      Cleared at {clockTime(atMs)} · new rows {still ? 'wait until you go on' : 'appear here'}
    </p>
  )
}

/** The list stands still at a moment when it was empty. */
function Still({ waiting }: { readonly waiting: number }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-8 bottom-0 grid place-content-center p-6 text-center text-muted">
      {waiting === 0 ? 'Nothing has come since the list stands still.' : 'New rows wait until you go on.'}
    </div>
  )
}
