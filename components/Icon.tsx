const paths = {
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6l7.5-4.8z',
  link: 'M6.5 9.5l3-3M7 4.5l1.2-1.2a2.7 2.7 0 0 1 3.8 3.8L10.8 8.300M9 11.500l-1.200 1.200a2.700 2.700 0 0 1-3.800-3.800L5.200 7.700',
  copy: 'M6 6V4.200A1.200 1.200 0 0 1 7.200 3h4.600A1.200 1.200 0 0 1 13 4.200v4.600A1.200 1.200 0 0 1 11.800 10H10M4.200 6h4.600A1.200 1.200 0 0 1 10 7.200v4.600A1.200 1.200 0 0 1 8.800 13H4.200A1.200 1.200 0 0 1 3 11.800V7.200A1.200 1.200 0 0 1 4.200 6z',
  check: 'M3.5 8.500l3 3 6-7',
  close: 'M4 4l8 8M12 4l-8 8',
  cross: 'M4.500 4.500l7 7M11.500 4.500l-7 7',
  chevron: 'M4.500 6.500L8 10l3.500-3.500',
  up: 'M8 12.500v-9M4 7.500l4-4 4 4',
  include: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5.500v5M5.500 8h5',
  exclude: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM5.500 8h5',
  fold: 'M8 4L4.500 8 8 12M12 4L8.500 8l3.500 4',
  funnel: 'M2.500 3.500h11L9.300 8.600v4.200l-2.600-1.300V8.600z',
  search: 'M7 2.800a4.200 4.200 0 1 0 0 8.400 4.200 4.200 0 0 0 0-8.400zM10.200 10.200L13.400 13.400',
  sun: 'M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600zM8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9',
  moon: 'M13 9.600A5.600 5.600 0 0 1 6.400 3 5.600 5.600 0 1 0 13 9.600z',
  system:
    'M3.200 3h9.600a.7.7 0 0 1 .7.7v6.600a.7.7 0 0 1-.7.7H3.200a.7.7 0 0 1-.7-.7V3.700a.7.7 0 0 1 .7-.7zM6 13.500h4',
  warning: 'M8 2.800l5.700 10H2.300zM8 6.600v2.800M8 11.200v.2',
  turn: 'M13 8a5 5 0 1 1-1.800-3.800',
  retry: 'M12.800 6.500A5 5 0 1 0 13 9M13 3.500v3h-3',
  unverified: 'M8 2.200l4.800 1.900v3.700c0 2.800-2 5-4.800 6-2.800-1-4.800-3.200-4.800-6V4.100zM8 5.500v3M8 10.600v.2',
} as const

export type IconName = keyof typeof paths

/** A line icon in the colour of its text; whoever shows it also says it in words. */
export function Icon({ name, className = 'size-4' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className={`shrink-0 ${className}`}
      fill={name === 'play' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  )
}
