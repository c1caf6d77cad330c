import { useState } from 'react'
import { lagMs } from '../domain/impression.ts'
import { DetailFields } from './DetailFields.tsx'
import { DetailJson } from './DetailJson.tsx'
import { explainLabel, explainTreatment } from './explain.ts'
import { Icon } from './Icon.tsx'
import { Shown } from './Shown.tsx'
import { plainButton } from './styles.ts'
import { Treatment } from './Treatment.tsx'
import type { RowEntry } from './tail/entry.ts'
import type { TailStore } from './tail/store.ts'
import { dateTime, isoTime, lagText, type Zone } from './times.ts'

type Props = {
  readonly store: TailStore
  readonly row: RowEntry
  readonly text: string
  readonly zone: Zone
  readonly close: () => void
}

const tabs = ['Fields', 'JSON'] as const

/** Everything that is known of one impression. */
export function Detail({ store, row, text, zone, close }: Props) {
  const [tab, setTab] = useState<(typeof tabs)[number]>('Fields')
  return (
    <aside
      aria-label="Impression"
      className="flex w-[420px] shrink-0 flex-col border-line border-l bg-surface max-wide:absolute max-wide:inset-y-0 max-wide:right-0 max-wide:z-30 max-wide:max-w-full max-wide:shadow-2xl max-sm:w-full max-sm:border-l-0"
    >
      <Summary row={row} zone={zone} close={close} />
      <div role="tablist" aria-label="Views of this impression" className="flex gap-1 border-line border-b px-3">
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="detail-panel"
            onClick={() => setTab(name)}
            className={`-mb-px h-9 border-b-2 px-2 font-medium ${tab === name ? 'border-accent text-text' : 'border-transparent text-muted hover:text-text'}`}
          >
            {name}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id="detail-panel"
        aria-labelledby={`tab-${tab}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach its end
        tabIndex={0}
        className="thin-scroll min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        {tab === 'Fields' ? <DetailFields store={store} row={row} text={text} /> : <DetailJson row={row} />}
      </div>
    </aside>
  )
}

function Summary({ row: { impression }, zone, close }: Pick<Props, 'row' | 'zone' | 'close'>) {
  const { flag, treatment, label, timestamp, receptionTimestamp } = impression
  const words = [explainTreatment(treatment), label && explainLabel(label)].filter(Boolean)
  return (
    <div className="border-line border-b px-4 pt-3 pb-3">
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 break-words pt-0.5 font-semibold text-[15px] leading-5">
          <Shown text={flag} />
        </h2>
        <button type="button" className={plainButton} aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-[13px]">
        <Treatment treatment={treatment} />
        <span className="text-muted">for</span>
        <span className="min-w-0 break-all font-mono text-[12px]">
          <Shown text={impression.key} />
        </span>
      </p>
      {words.map((sentence) => (
        <p key={sentence} className="mt-2 border-edge border-l-2 pl-2.5 text-muted text-xs leading-[18px]">
          {sentence}
        </p>
      ))}
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-xs tabular-nums">
        <dt className="text-muted">Evaluated</dt>
        <dd title={isoTime(timestamp)}>{dateTime(timestamp, zone)}</dd>
        <dt className="text-muted">Received</dt>
        <dd title={isoTime(receptionTimestamp)}>{dateTime(receptionTimestamp, zone)}</dd>
        <dt className="text-muted">Lag</dt>
        <dd title="Received − evaluated. Negative when the clock of the SDK is ahead.">{lagText(lagMs(impression))}</dd>
      </dl>
    </div>
  )
}
