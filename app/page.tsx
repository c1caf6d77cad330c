import { Suspense } from 'react'
import { Shell } from '../components/Shell.tsx'
import { Tail } from '../components/Tail.tsx'

export default function Page() {
  return (
    <Suspense fallback={<Shell />}>
      <Tail />
    </Suspense>
  )
}
