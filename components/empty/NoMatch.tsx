import { useEffect, useState } from 'react'
import { withoutLast, withoutTerm } from '../../domain/filter/tokens.ts'
import { Icon } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import { quietButton } from '../styles.ts'
import { count } from '../tail/numbers.ts'
import type { Search } from '../tail/search.ts'
import type { TailStore } from '../tail/store.ts'
import { askWithout, mostHiding, type Without } from './without.ts'

type Props = {
  readonly store: TailStore
  readonly search: Search
  /** Impressions of the last minute before the filter, where they are known. */
  readonly lastMinute: number | undefined
  /** Whether the server knows of these impressions. */
  readonly asks: boolean
}

/** A filter that finds nothing: how much it lets pass by, which of its terms hides most, and how to take them off. */
export function NoMatch({ store, search, lastMinute, asks }: Props) {
  const { text, canonical, filter } = search
  const without = useWithout(asks ? canonical : '')
  return (
    <>
      <h2 className="font-semibold text-[15px]">No impression matches</h2>
      <p className="max-w-md text-muted tabular-nums">
        {lastMinute !== undefined && `${passedBy(lastMinute)} `}New matches appear here as they arrive.
      </p>
      <Hint counts={without} terms={filter.terms.length} remove={(term) => store.setText(withoutTerm(text, term))} />
      <div className="pointer-events-auto flex flex-wrap justify-center gap-2">
        {filter.terms.length > 1 && (
          <button type="button" className={quietButton} onClick={() => store.setText(withoutLast(text))}>
            Remove last filter
          </button>
        )}
        <button type="button" className={quietButton} onClick={() => store.setText('')}>
          Clear all
        </button>
      </div>
    </>
  )
}

function passedBy(lastMinute: number): string {
  if (lastMinute === 0) return 'Nothing at all came in the last minute.'
  return `0 of ${count(lastMinute)} in the last minute match.`
}

type HintProps = {
  readonly counts: readonly Without[]
  readonly terms: number
  readonly remove: (term: string) => void
}

/** Says exactly what was counted. */
function Hint({ counts, terms, remove }: HintProps) {
  const most = mostHiding(counts)
  if (most) {
    return (
      <p className="pointer-events-auto flex max-w-xl flex-wrap items-center justify-center gap-x-1.5 gap-y-2 rounded-lg border border-line bg-surface px-3 py-2 tabular-nums">
        <span>
          In the newest {count(most.of)} impressions, <b className="font-semibold">{count(most.matched)}</b> match
          without
        </span>
        <code className="max-w-80 truncate rounded bg-chosen px-1.5 font-mono text-[12px] leading-5" title={most.term}>
          <Shown text={most.term} />
        </code>
        <button
          type="button"
          className="inline-flex h-6 items-center gap-1 rounded px-1.5 font-medium text-accent hover:bg-hover max-sm:h-11"
          onClick={() => remove(most.term)}
        >
          <Icon name="close" className="size-3" />
          Remove it
        </button>
      </p>
    )
  }
  const of = Math.max(0, ...counts.map((one) => one.of))
  if (terms < 2 || of === 0) return null
  return (
    <p className="max-w-md text-muted tabular-nums">
      In the newest {count(of)} impressions none matches without any single one of the {terms} terms: more than one of
      them hides it.
    </p>
  )
}

/** Counted once for each filter that finds nothing; nobody is asked about the empty one. */
function useWithout(canonical: string): readonly Without[] {
  const [answer, setAnswer] = useState<{ readonly canonical: string; readonly counts: readonly Without[] }>()
  useEffect(() => {
    if (canonical === '') return
    const stop = new AbortController()
    askWithout(canonical, stop.signal).then((asked) => {
      if (asked.ok && !stop.signal.aborted) setAnswer({ canonical, counts: asked.value })
    })
    return () => stop.abort()
  }, [canonical])
  return answer?.canonical === canonical ? answer.counts : []
}
