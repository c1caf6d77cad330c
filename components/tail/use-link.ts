import { debounce, parseAsInteger, parseAsString, useQueryStates } from 'nuqs'
import { useEffect, useRef } from 'react'
import type { Link, TailStore } from './store.ts'
import { useGlance } from './use-store.ts'

const parsers = { q: parseAsString, paused: parseAsInteger, sel: parseAsString }
const typingMs = 300

type Asked = { readonly q: string | null; readonly paused: number | null; readonly sel: string | null }
type SetAsked = ReturnType<typeof useQueryStates<typeof parsers>>[1]

/** What the address asks for, and how to change the address. */
export function useAddress(): readonly [Link, SetAsked] {
  const [asked, setAsked] = useQueryStates(parsers)
  return [linkFrom(asked), setAsked]
}

function linkFrom({ q, paused, sel }: Asked): Link {
  return { text: q ?? '', paused: paused === 1, openId: sel ?? undefined }
}

/** Keeps the address at what is seen, and follows the browser's back and forward. */
export function useLink(store: TailStore, setAsked: SetAsked): void {
  const text = useGlance(store, ({ search }) => search.text)
  const paused = useGlance(store, ({ mode }) => mode === 'paused')
  const openId = useGlance(store, (view) => view.openId)
  const shownId = useRef(openId)
  useEffect(() => {
    setAsked({ q: text || null }, { history: 'replace', limitUrlUpdates: debounce(typingMs) })
  }, [text, setAsked])
  useEffect(() => {
    setAsked({ paused: paused ? 1 : null }, { history: 'replace' })
  }, [paused, setAsked])
  useEffect(() => {
    const opens = shownId.current === undefined && openId !== undefined
    shownId.current = openId
    setAsked({ sel: openId ?? null }, { history: opens ? 'push' : 'replace' })
  }, [openId, setAsked])
  useEffect(() => {
    const follow = () => {
      const asked = new URLSearchParams(window.location.search)
      store.go({
        text: asked.get('q') ?? '',
        paused: asked.get('paused') === '1',
        openId: asked.get('sel') ?? undefined,
      })
    }
    window.addEventListener('popstate', follow)
    return () => window.removeEventListener('popstate', follow)
  }, [store])
}
