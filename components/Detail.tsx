import { type ReactNode, Suspense, useState } from 'react'
import { lagMs } from '../domain/impression.ts'
import { CopyButton } from './CopyButton.tsx'
import { DetailFields } from './DetailFields.tsx'
import { useModal, whenClosed } from './Dialog.tsx'
import { explainLabel, explainTreatment } from './explain.ts'
import { Icon } from './Icon.tsx'
import { Loading } from './Loading.tsx'
import { later } from './later.ts'
import { linkOf } from './link.ts'
import { SameKey } from './SameKey.tsx'
import { Shown } from './Shown.tsx'
import { plainButton } from './styles.ts'
import { Tabs, tabId } from './Tabs.tsx'
import { Treatment } from './Treatment.tsx'
import type { RowEntry } from './tail/entry.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'
import { dateTime, isoTime, lagText, type Zone } from './times.ts'
import { useNarrow } from './use-narrow.ts'
import { visibleText } from './visible-text.ts'

type Props = {
  readonly store: TailStore
  readonly view: View
  readonly row: RowEntry
  readonly zone: Zone
  readonly close: () => void
}

const DetailJson = later(async () => (await import('./DetailJson.tsx')).DetailJson)
const tabs = ['Fields', 'JSON', 'Same key'] as const
const panel = 'detail'

/** Everything that is known of one impression: beside the table, or over it where there is little room. */
export function Detail(props: Props) {
  const narrow = useNarrow()
  if (narrow) {
    return (
      <Sheet close={props.close}>
        <Content {...props} />
      </Sheet>
    )
  }
  return (
    <aside
      aria-label="Impression"
      className="flex w-[420px] shrink-0 flex-col border-line border-l bg-surface max-wide:absolute max-wide:inset-y-0 max-wide:right-0 max-wide:z-30 max-wide:shadow-2xl"
    >
      <Content {...props} />
    </aside>
  )
}

/** Over the whole of a small screen. */
function Sheet({ close, children }: { readonly close: () => void; readonly children: ReactNode }) {
  const dialog = useModal()
  return (
    <dialog
      ref={dialog}
      aria-label="Impression"
      onClose={whenClosed(close)}
      className="fixed inset-0 m-0 h-dvh max-h-none w-screen max-w-none bg-surface text-text open:flex open:flex-col"
    >
      {children}
    </dialog>
  )
}

function Content({ store, view, row, zone, close }: Props) {
  const [tab, setTab] = useState<(typeof tabs)[number]>('Fields')
  return (
    <>
      <Summary {...{ view, row, zone, close }} />
      <div className="shrink-0 border-line border-b px-2">
        <Tabs label="Views of this impression" names={tabs} chosen={tab} choose={setTab} panel={panel} />
      </div>
      <div
        role="tabpanel"
        id={panel}
        aria-labelledby={tabId(panel, tab)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach its end
        tabIndex={0}
        className="thin-scroll min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        {tab === 'Fields' && <DetailFields store={store} row={row} text={view.search.text} />}
        {tab === 'JSON' && (
          <Loading>
            <Suspense>
              <DetailJson row={row} />
            </Suspense>
          </Loading>
        )}
        {tab === 'Same key' && <SameKey store={store} view={view} row={row} zone={zone} />}
      </div>
    </>
  )
}

function Summary({ view, row, zone, close }: Omit<Props, 'store'>) {
  const { flag, key, treatment, label, timestamp, receptionTimestamp } = row.impression
  const words = [explainTreatment(treatment), label && explainLabel(label)].filter(Boolean)
  return (
    <div className="shrink-0 border-line border-b px-4 pt-3 pb-3">
      <div className="flex items-start gap-1">
        <h2
          title={visibleText(flag)}
          className="mt-1 line-clamp-5 min-w-0 flex-1 break-words font-semibold text-[15px] leading-5 max-sm:mt-3"
        >
          <Shown text={flag} />
        </h2>
        <CopyButton
          label="Copy link to this impression"
          icon="link"
          className={plainButton}
          value={() => linkOf({ search: view.search, mode: view.mode, openId: row.id })}
        />
        <button type="button" className={plainButton} aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-[13px]">
        <Treatment treatment={treatment} />
        <span className="text-muted">for</span>
        <span className="line-clamp-3 min-w-0 break-all font-mono text-[12px]">
          <Shown text={key} />
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
        <dd title="Received − evaluated. Negative when the clock of the SDK is ahead.">
          {lagText(lagMs(row.impression))}
        </dd>
      </dl>
    </div>
  )
}
