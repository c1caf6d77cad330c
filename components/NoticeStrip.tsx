import { Icon } from './Icon.tsx'
import type { Notice } from './tail/notice.ts'

const tones: Record<Notice['tone'], string> = {
  calm: 'text-muted',
  caution: 'bg-caution-bg text-caution',
  trouble: 'bg-trouble-bg text-trouble',
}

/** One line that is always there, so that no notice ever pushes a row. */
export function NoticeStrip({ notice: { tone, text } }: { readonly notice: Notice }) {
  return (
    <section
      aria-label="Notice"
      className={`flex h-7 shrink-0 items-center gap-2 border-line border-b px-4 text-xs max-sm:px-3 ${tones[tone]}`}
    >
      {tone !== 'calm' && <Icon name="warning" className="size-3.5" />}
      <p className="truncate" title={text}>
        {text}
      </p>
    </section>
  )
}
