import { Dialog } from '../Dialog.tsx'
import { Checklist } from './Checklist.tsx'
import { Connect, type PlayDemo } from './Connect.tsx'
import { keysOf } from './FirstRun.tsx'
import { listeningOrigin } from './snippets.ts'
import { useEvidence } from './use-evidence.ts'

type Props = { readonly playDemo: PlayDemo; readonly closed: () => void }

/** What the first run showed, for the next SDK. */
export function ConnectDialog({ playDemo, closed }: Props) {
  const evidence = useEvidence()
  const origin = listeningOrigin(window.location)
  return (
    <Dialog title="Connect an SDK" closed={closed} className="m-auto max-h-[90dvh] w-[960px] max-w-[calc(100vw-24px)]">
      <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
        <Connect
          origin={origin}
          keys={keysOf(evidence)}
          playDemo={(connect) => {
            closed()
            playDemo(connect)
          }}
        />
        {evidence && <Checklist evidence={evidence} origin={origin} waitedMs={0} />}
      </div>
    </Dialog>
  )
}
