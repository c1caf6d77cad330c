/** Copies a text; says whether the browser let us. Pages that are not served securely have no clipboard of the modern kind. */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (!navigator.clipboard) return copyOldWay(text)
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false // forbidden by the browser or its user, who is told
  }
}

function copyOldWay(text: string): boolean {
  const focused = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'sr-only'
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
