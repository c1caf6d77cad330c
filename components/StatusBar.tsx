import { useState } from 'react'
import { maskedMeaning, maskedText } from './masked-text.ts'
import { count } from './tail/numbers.ts'
import type { View } from './tail/view.ts'
import { agoText, type Zone, zoneText } from './times.ts'
import { pageVersion } from './version.ts'

const meaning = {
  matched: 'Impressions that matched this filter since it was set. Every one is counted.',
  held: 'Matches whose rows are in this browser and can be scrolled to.',
  evicted: 'Matches whose rows were here and had to go, oldest first, because the browser holds only so many.',
  sampledOut: 'Matches that were counted but not sent: there were too many per second to send each row.',
  skipped: 'Matches whose rows were sent and did not arrive, or were too many to be sent after a break.',
  missed:
    'Impressions before filtering, whether or not they would have matched, in gaps of the log that cannot be filled.',
  waiting: 'Matches that wait on the server while rows are on hold.',
} as const

type Name = keyof typeof meaning

/** How full the browser is, and how far back that goes; without a connection, since when nothing came. */
function bufferText({ buffered, capacity, oldestMs, connection, rate, nowMs }: View): string {
  const parts = [
    `Buffer ${count(buffered)}/${count(capacity)}`,
    oldestMs !== undefined && `oldest ${agoText(oldestMs, nowMs)}`,
    connection.kind !== 'connected' && rate.lastMatchMs !== undefined && `last row ${agoText(rate.lastMatchMs, nowMs)}`,
  ]
  return parts.filter((part) => part !== false).join(' · ')
}

/** The books in one line: every match is somewhere, and this says where. */
export function StatusBar({ view, zone }: { readonly view: View; readonly zone: Zone }) {
  const [version] = useState(pageVersion)
  const { books, matched } = view
  const { held, evicted, sampledOut, skipped, missed } = books
  const waiting = matched - books.matched
  const unknown = missed.unknown > 0 ? ' + an unknown number' : ''
  return (
    <footer className="flex h-7 shrink-0 items-center border-line border-t bg-surface text-muted text-xs max-sm:order-2">
      <section
        aria-label="Where every match is"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a small screen the line scrolls, and keys must reach its end
        tabIndex={0}
        className="flex h-full min-w-0 flex-1 items-center gap-1.5 overflow-x-auto whitespace-nowrap px-4 tabular-nums -outline-offset-2 [scrollbar-width:none] max-sm:px-3"
      >
        <Amount name="matched" words="matched" number={count(matched)} />
        <span>=</span>
        <Amount name="held" words="held" number={count(held)} />
        <span>+</span>
        <Amount name="evicted" words="evicted" number={count(evicted)} />
        <span>+</span>
        <Amount name="sampledOut" words="sampled out" number={count(sampledOut)} />
        <span>+</span>
        <Amount name="skipped" words="skipped" number={count(skipped)} />
        {waiting > 0 && <span>+</span>}
        {waiting > 0 && <Amount name="waiting" words="waiting" number={count(waiting)} />}
        <span aria-hidden="true">·</span>
        <Amount name="missed" words="missed" number={`${count(missed.impressions)}${unknown}`} />
        <Masked environments={view.environments} />
      </section>
      <span className="shrink-0 whitespace-nowrap px-4 max-sm:hidden">
        {bufferText(view)} · {zoneText(zone)}
        {version === undefined ? '' : ` · v${version}`}
      </span>
    </footer>
  )
}

function Masked({ environments }: Pick<View, 'environments'>) {
  const text = maskedText(environments)
  if (text === undefined) return null
  return (
    <>
      <span aria-hidden="true">·</span>
      <span title={maskedMeaning}>{text}</span>
    </>
  )
}

function Amount({ name, words, number }: { readonly name: Name; readonly words: string; readonly number: string }) {
  return (
    <span title={meaning[name]} data-testid={`ledger-${name}`}>
      {words} <b className="font-semibold text-text">{number}</b>
    </span>
  )
}
