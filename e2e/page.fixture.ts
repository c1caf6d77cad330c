import { expect, type Locator, type Page } from '@playwright/test'

/** The rows on the screen of one key. */
export function rowOf(page: Page, key: string): Locator {
  return rows(page).filter({ has: page.locator('[data-column=key]').getByText(key, { exact: true }) })
}

/** The rows on the screen, markers included, the head not. */
export function rows(page: Page): Locator {
  return page.getByRole('grid', { name: 'Impressions' }).locator('[data-id]')
}

/** Opens the detail of the newest row of a key, by a click beside its values. */
export async function openRow(page: Page, key: string): Promise<void> {
  await rowOf(page, key).first().getByRole('gridcell').first().click()
}

/** What the open detail says of a field. */
export async function detailValue(page: Page, name: string): Promise<string> {
  const term = page.getByRole('complementary', { name: 'Impression' }).locator('dt').getByText(name, { exact: true })
  return (await term.locator('xpath=../../dd | ../dd').first().innerText()).trim()
}

/** The text at the caret of the filter; the terms before and behind it are chips. */
export function filterBar(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Filter' })
}

/** Types another filter in the place of the whole one. */
export async function setFilter(page: Page, text: string): Promise<void> {
  await filterBar(page).press('Control+a')
  await filterBar(page).fill(text)
}

/** Expects the whole filter to be just this text. */
export async function expectFilter(page: Page, text: string): Promise<void> {
  await expect(page.getByTestId('filter')).toHaveAttribute('data-text', text)
}

/** The facets beside the rows. */
export function facetRail(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Facets' })
}

/** A value in the facets, by its field and its name. */
export function facetValue(page: Page, field: string, name: string): Locator {
  return facetRail(page)
    .getByRole('region', { name: field })
    .getByRole('button', { name: new RegExp(`^${name}, `) })
}

/** The keys on the screen, from the top. */
export function keysShown(page: Page): Promise<string[]> {
  return rows(page).locator('[data-column=key]').allInnerTexts()
}

/** Resolves when a text is seen, be it for a moment only: it is looked for in each frame. Ask before what brings it. */
export function seen(page: Page, text: string): Promise<void> {
  return page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const shown = document.body.textContent?.replace(/\s+/g, ' ')
          if (shown?.includes(wanted)) resolve()
          else requestAnimationFrame(look)
        }
        look()
      }),
    text,
  )
}

/** How many changes the document sees under the rows in so long, from the next frame on. */
export function changesIn(page: Page, ms: number): Promise<number> {
  return page.evaluate(async (ms) => {
    let changes = 0
    const body = document.querySelector('[role=rowgroup]:has([data-id])')
    if (!body) throw new Error('no rows')
    await new Promise(requestAnimationFrame)
    new MutationObserver((seen) => {
      changes += seen.length
    }).observe(body, { subtree: true, childList: true, attributes: true, characterData: true })
    await new Promise((resolve) => setTimeout(resolve, ms))
    return changes
  }, ms)
}
