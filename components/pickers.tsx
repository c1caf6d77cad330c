import { fieldValues, setField } from '../domain/filter/edit.ts'
import { offeredBy, Picker } from './Picker.tsx'
import { TreatmentGlyph } from './Treatment.tsx'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

type Props = { readonly store: TailStore; readonly view: View }

/** All environments that the viewer may see, by name; edits the `env:` term. */
export function EnvironmentPicker({ store, view }: Props) {
  const counts = new Map(view.facets?.environments.values)
  const { environments, search } = view
  const names = new Map(environments.map(({ id, name }) => [id, name]))
  const values = environments.map(({ id, name }) => ({ value: name, impressions: counts.get(id) }))
  const chosen = fieldValues(search.filter, 'env').map((value) => names.get(value) ?? value)
  const choose = (next: readonly string[]) => store.setText(setField(search.text, 'env', next))
  return (
    <Picker
      name="Environment"
      plural="environments"
      all="All environments"
      short="Env"
      other={0}
      {...{ values, chosen, choose }}
    />
  )
}

/** Flags seen in the last minute; edits the `flag:` term. */
export function FlagPicker({ store, view: { facets, search } }: Props) {
  return (
    <Picker
      name="Flag"
      plural="flags"
      all="Flag"
      values={offeredBy(facets?.flags)}
      other={facets?.flags.other ?? 0}
      chosen={fieldValues(search.filter, 'flag')}
      choose={(next) => store.setText(setField(search.text, 'flag', next))}
    />
  )
}

/** Treatments seen in the last minute; edits the `treatment:` term. */
export function TreatmentPicker({ store, view: { facets, search } }: Props) {
  return (
    <Picker
      name="Treatment"
      plural="treatments"
      all="Treatment"
      values={offeredBy(facets?.treatments)}
      other={facets?.treatments.other ?? 0}
      chosen={fieldValues(search.filter, 'treatment')}
      choose={(next) => store.setText(setField(search.text, 'treatment', next))}
      sign={(value) => <TreatmentGlyph treatment={value} />}
    />
  )
}
