import { type Glyph, glyphOf } from './glyph.ts'
import { Shown } from './Shown.tsx'

const colours: Record<Glyph['colour'], string> = {
  blue: 'text-t-blue',
  amber: 'text-t-amber',
  grey: 'text-t-grey',
  teal: 'text-t-teal',
  magenta: 'text-t-magenta',
  violet: 'text-t-violet',
  brick: 'text-t-brick',
  olive: 'text-t-olive',
}

const ring = 'M5 .35a4.65 4.65 0 1 0 0 9.3a4.65 4.65 0 0 0 0-9.3zM5 1.85a3.15 3.15 0 1 1 0 6.3a3.15 3.15 0 0 1 0-6.3z'
/** One path each, so that another sign in the same place is another attribute and no other element. */
const shapes: Record<Glyph['shape'], string> = {
  disc: 'M5 .7a4.300 4.300 0 1 0 0 8.600A4.300 4.300 0 0 0 5 .7z',
  ring,
  half: `${ring}M5 1.85a3.15 3.15 0 0 1 0 6.3z`,
  triangle: 'M5 .8L9.600 9H.4z',
  diamond: 'M5 0l5 5-5 5-5-5z',
  square: 'M1 1h8v8H1z',
  star: 'M5 .2l1.450 3.200 3.450.4-2.550 2.350.7 3.450L5 7.900 1.950 9.600l.7-3.450L.1 3.800l3.450-.4z',
  pentagon: 'M5 .4l4.700 3.450L7.900 9.400H2.100L.3 3.850z',
  cross: 'M3.400.6h3.200v2.800h2.800v3.200H6.600v2.800H3.400V6.600H.6V3.400h2.800z',
}

/** The sign of a treatment in its colour. */
export function TreatmentGlyph({ treatment }: { readonly treatment: string }) {
  const { colour, shape } = glyphOf(treatment)
  return (
    <svg aria-hidden="true" viewBox="0 0 10 10" className={`inline-block size-2.5 shrink-0 ${colours[colour]}`}>
      <path d={shapes[shape]} fill="currentColor" />
    </svg>
  )
}

/** Sign and name: the name alone carries the meaning, the sign only finds it faster. */
export function Treatment({ treatment }: { readonly treatment: string }) {
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-1.5">
      <TreatmentGlyph treatment={treatment} />
      <span className="truncate">
        <Shown text={treatment} />
      </span>
    </span>
  )
}
