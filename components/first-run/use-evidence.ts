import { useEffect, useState } from 'react'
import { type Evidence, readEvidence } from '../../domain/evidence.ts'

const askEveryMs = 1000

/** What came to this server's doors, asked for once a second while somebody looks at it; the last answer while none comes. */
export function useEvidence(): Evidence | undefined {
  const [evidence, setEvidence] = useState<Evidence>()
  useEffect(() => {
    const leaving = new AbortController()
    const look = async () => {
      const asked = await ask(leaving.signal)
      if (leaving.signal.aborted) return
      if (asked) setEvidence(asked)
      timer = setTimeout(look, askEveryMs)
    }
    let timer = setTimeout(look)
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [])
  return evidence
}

async function ask(signal: AbortSignal): Promise<Evidence | undefined> {
  try {
    const response = await fetch('/api/evidence', { signal })
    return response.ok ? readEvidence(await response.json()) : undefined
  } catch {
    return undefined // the server is away, which the pill says
  }
}
