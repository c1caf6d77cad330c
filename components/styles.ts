/** What buttons look like, in one place. */
const button =
  'inline-flex h-7 items-center gap-1.5 rounded-md border px-2.5 font-medium max-sm:h-11 max-sm:min-w-11 max-sm:justify-center'

export const quietButton = `${button} border-edge bg-raised text-text hover:bg-hover`

/** A quiet button that says that something is chosen. */
export const chosenButton = `${button} border-accent bg-chosen text-accent`

/** A quiet button that says that something stands still. */
export const pausedButton = `${button} border-caution bg-caution-bg text-caution`

export const plainButton =
  'inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text max-sm:size-11'

export const strongButton =
  'inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-3 font-medium text-on-accent hover:opacity-90 max-sm:h-11'
