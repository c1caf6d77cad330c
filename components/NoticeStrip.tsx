import { useState } from 'react'
import { includeValue } from '../domain/filter/edit.ts'
import { CopyButton } from './CopyButton.tsx'
import { keepDismissed } from './dismissed.ts'
import { Icon } from './Icon.tsx'
import { Shown } from './Shown.tsx'
import { TreatmentGlyph } from './Treatment.tsx'
import type { Notice, Offer } from './tail/notice.ts'
import { count } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import { visibleText } from './visible-text.ts'

const tones: Record<Notice['tone'], string> = {
  calm: 'text-muted',
  caution: 'bg-caution-bg text-caution',
  trouble: 'bg-trouble-bg text-trouble',
}

const button =
  'inline-flex h-5 shrink-0 items-center gap-1 rounded border border-current/30 bg-raised px-1.5 font-medium text-text hover:bg-hover max-sm:h-11 max-sm:min-w-11 max-sm:justify-center'

type Props = {
  readonly store: TailStore
  readonly notice: Notice
  readonly text: string
  /** What stands in for the chart while it is hidden. */
  readonly showChart: (() => void) | undefined
}

/** One line that is always there, so that no notice ever pushes a row. */
export function NoticeStrip({ store, notice, text, showChart }: Props) {
  // what is offered stands still under the pointer, though the notice goes on
  const [pointedAt, setPointedAt] = useState<readonly Offer[]>()
  const offers = pointedAt ?? notice.offers
  return (
    <section
      aria-label="Notice"
      className={`flex h-7 shrink-0 items-center gap-2 border-line border-b px-4 text-xs max-sm:order-1 max-sm:h-11 max-sm:border-t max-sm:border-b-0 max-sm:px-3 ${tones[notice.tone]}`}
    >
      {notice.tone !== 'calm' && <Icon name="warning" className="size-3.5" />}
      <p
        className="min-w-0 flex-1 truncate tabular-nums max-sm:line-clamp-2 max-sm:whitespace-normal max-sm:leading-4"
        title={notice.text}
      >
        <Shown text={notice.text} />
      </p>
      <div
        className="flex shrink-0 items-center gap-1.5 max-sm:max-w-[45%] max-sm:overflow-x-auto"
        onPointerEnter={() => setPointedAt(notice.offers)}
        onPointerLeave={() => setPointedAt(undefined)}
      >
        {offers.map((offer) => (
          <OfferButton key={keyOf(offer)} offer={offer} store={store} text={text} />
        ))}
      </div>
      {showChart && (
        <button type="button" className={`${button} max-sm:hidden`} onClick={showChart} title="Show the chart (t)">
          Chart
        </button>
      )}
    </section>
  )
}

function keyOf(offer: Offer): string {
  return offer.kind === 'narrow' ? `${offer.to.field}:${offer.to.value}` : offer.kind
}

type OfferProps = { readonly offer: Offer; readonly store: TailStore; readonly text: string }

function OfferButton({ offer, store, text }: OfferProps) {
  switch (offer.kind) {
    case 'narrow':
      return <NarrowButton to={offer.to} choose={(field, value) => store.setText(includeValue(text, field, value))} />
    case 'dismiss': {
      const dismiss = () => {
        keepDismissed(offer.sdks)
        store.dismissHint(offer.sdks)
      }
      return (
        <button type="button" className={button} onClick={dismiss}>
          Do not say again
        </button>
      )
    }
    case 'retry':
      return (
        <button type="button" className={button} onClick={() => store.retry()}>
          Retry
        </button>
      )
    case 'reload':
      return (
        <button type="button" className={button} onClick={() => window.location.reload()}>
          Reload
        </button>
      )
    case 'copy':
      return <CopyButton label="Copy details" text="Copy details" className={button} value={() => offer.details} />
    default:
      return offer satisfies never
  }
}

type NarrowProps = {
  readonly to: Extract<Offer, { kind: 'narrow' }>['to']
  readonly choose: (field: Extract<Offer, { kind: 'narrow' }>['to']['field'], value: string) => void
}

function NarrowButton({ to: { field, value, impressions }, choose }: NarrowProps) {
  const title = `Only ${field} ${visibleText(value)}: ${count(impressions)} in the last minute`
  return (
    <button
      type="button"
      className={`${button} max-w-44 last:max-sm:hidden`}
      aria-label={title}
      title={title}
      onClick={() => choose(field, value)}
    >
      <span className="text-muted">{field}:</span>
      {field === 'treatment' && <TreatmentGlyph treatment={value} />}
      <span className="truncate">
        <Shown text={value} />
      </span>
    </button>
  )
}
