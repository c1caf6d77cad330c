/** The name of the product, with its sign. */
export function Brand() {
  return (
    <h1 className="flex items-center gap-2 pr-1 font-semibold text-[14px] tracking-tight">
      <svg aria-hidden="true" viewBox="0 0 16 16" width="16" height="16" className="size-4 text-accent">
        <path d="M3 1.500v13" stroke="currentColor" strokeWidth="1.600" strokeLinecap="round" />
        <path d="M3 2.200h10.200L11 5.600l2.200 3.400H3z" fill="currentColor" />
      </svg>
      <span className="max-sm:sr-only">Flagtail</span>
    </h1>
  )
}
