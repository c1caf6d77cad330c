import { useEffect, useState } from 'react'
import { Announcer } from './announcer.ts'
import type { View } from './tail/view.ts'

/** The one place that a screen reader is told of what happens by itself. */
export function Announcements({ view, summaries }: { readonly view: View; readonly summaries: boolean }) {
  const [announcer] = useState(() => new Announcer())
  const [text, setText] = useState('')
  useEffect(() => {
    const next = announcer.hear(view, summaries)
    if (next !== undefined) setText(next)
  }, [announcer, view, summaries])
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  )
}
