/** What buttons look like, in one place. */
export const quietButton =
  'inline-flex h-7 items-center gap-1.5 rounded-md border border-edge bg-raised px-2.5 font-medium text-text hover:bg-hover max-sm:h-9'

export const plainButton =
  'inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text max-sm:size-9'

export const strongButton =
  'inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-3 font-medium text-on-accent hover:opacity-90'
