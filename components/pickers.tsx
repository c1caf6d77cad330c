import { memo } from 'react'
import { setField } from '../domain/filter/edit.ts'
import { environmentField, facetValues } from './facets/facet-fields.ts'
import { Picker } from './Picker.tsx'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

type Props = Pick<View, 'environments' | 'facets' | 'search'> & { readonly store: TailStore }

/** All environments that the viewer may see, by name; edits the `env:` term. */
export const EnvironmentPicker = memo(function EnvironmentPicker({ store, environments, facets, search }: Props) {
  const values = facetValues(environmentField, { environments, facets, filter: search.filter })
  const chosen = values.filter(({ mark }) => mark === 'only').map(({ value }) => value)
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
})
