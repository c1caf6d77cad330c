import { useState } from 'react'
import { Icon } from './Icon.tsx'
import { plainButton } from './styles.ts'
import { chooseTheme, readTheme, type Theme, themes } from './theme.ts'

const icons = { system: 'system', light: 'sun', dark: 'moon' } as const

/** Goes round system, light and dark. */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(readTheme)
  const turn = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'
    chooseTheme(next)
    setTheme(next)
  }
  return (
    <button
      type="button"
      className={plainButton}
      onClick={turn}
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}`}
    >
      <Icon name={icons[theme]} />
    </button>
  )
}
