import { memo } from 'react'
import { CopyButton } from './CopyButton.tsx'
import type { Display } from './display/display.ts'
import { quietButton } from './styles.ts'
import type { SavedView, SavedViews } from './views/saved-views.ts'
import { ViewsMenu } from './views/ViewsMenu.tsx'

export type ViewActionsProps = {
  /** The filter as it was typed. */
  readonly text: string
  readonly display: Display
  readonly views: SavedViews
  readonly openView: (view: SavedView) => void
  readonly link: () => string
}

/** What can be done with a view as a whole: keep it, and hand it on. */
export const ViewActions = memo(function ViewActions({ text, display, views, openView, link }: ViewActionsProps) {
  return (
    <>
      <ViewsMenu views={views} text={text} display={display} open={openView} />
      <CopyButton label="Copy link to this view" text="Copy link" className={quietButton} value={link} />
    </>
  )
})
