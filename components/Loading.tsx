import { Component, type ReactNode } from 'react'
import { quietButton } from './styles.ts'

type Props = {
  readonly children: ReactNode
  /** Gives up on what could not be loaded; without it there is only reloading. */
  readonly dismiss?: () => void
}

/** Around code that comes later: when it does not come, because the server is away or has another version, it says so here. */
export class Loading extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    const { dismiss } = this.props
    return (
      <div
        role="alert"
        className="fixed inset-x-0 top-14 z-50 mx-auto flex w-fit max-w-[calc(100vw-24px)] items-center gap-3 rounded-lg border border-edge bg-raised px-4 py-3 shadow-xl"
      >
        This part of the page could not be loaded.
        <button type="button" className={quietButton} onClick={() => window.location.reload()}>
          Reload
        </button>
        {dismiss && (
          <button type="button" className={quietButton} onClick={dismiss}>
            Close
          </button>
        )}
      </div>
    )
  }
}
