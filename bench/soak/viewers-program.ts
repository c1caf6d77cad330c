import { BookKeeper } from './book-keeper.ts'
import { crowdWishes } from './crowd.ts'

/** Viewers in a process of their own, which may be frozen: `<url> <from> <to>` of the crowd. Tells its accounts as lines of JSON. */
const reportMs = 250
const [url = '', from, to] = process.argv.slice(2)
const viewers = crowdWishes.slice(Number(from), Number(to)).map((wish) => new BookKeeper(url, wish))

setInterval(() => {
  process.stdout.write(`${JSON.stringify(viewers.map((viewer) => viewer.account()))}\n`)
}, reportMs)
await Promise.all(viewers.map((viewer) => viewer.watch()))
