import { useSyncExternalStore } from 'react'
import { Icon } from './Icon.tsx'
import { plainButton } from './styles.ts'
import { chooseTheme, readTheme, type Theme, themes, watchTheme } from './theme.ts'

const icons = { system: 'system', light: 'sun', dark: 'moon' } as const

/** The theme that is chosen, wherever it was. */
export function useTheme(): Theme {
  return useSyncExternalStore(watchTheme, readTheme, readTheme)
}

/** Goes round system, light and dark. */
export function ThemeToggle() {
  const theme = useTheme()
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'
  return (
    <button
      type="button"
      className={plainButton}
      onClick={() => chooseTheme(next)}
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}`}
    >
      <Icon name={icons[theme]} />
    </button>
  )
}
