export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Runs in the head, before anything is painted. Free of quotes and angle brackets, so that React writes it as it is. */
export const themeScript =
  'try{document.documentElement.dataset.theme=localStorage.getItem(`flagtail-theme`)||`system`}catch{}'

const listeners = new Set<() => void>()

export function readTheme(): Theme {
  return themes.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system'
}

/** Calls `listener` whenever another theme was chosen; returns how to stop. */
export function watchTheme(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Takes effect at once, and for the next visit where the browser lets us remember it. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
  try {
    localStorage.setItem('flagtail-theme', theme)
  } catch {
    // a browser that keeps nothing still shows the theme
  }
}
