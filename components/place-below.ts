/** Puts a panel below its button, within the window. Set through the DOM, which the page's policy allows. */
export function placeBelow(button: HTMLElement | null, panel: HTMLElement | null): void {
  if (!button || !panel) return
  const { left, bottom } = button.getBoundingClientRect()
  panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - panel.offsetWidth - 8))}px`
  panel.style.top = `${bottom + 4}px`
}
