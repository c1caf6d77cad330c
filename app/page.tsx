import { Live } from '../components/Live.tsx'

export default function Page() {
  return <Live />
}
