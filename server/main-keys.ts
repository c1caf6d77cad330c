import { runKeys } from './keys/run-command.ts'

/** `flagtail keys …`: what was asked for goes to standard output, all else to standard error. */
const done = await runKeys({
  words: process.argv.slice(2),
  environment: process.env,
  now: Date.now,
  tell: (text) => void process.stdout.write(`${text}\n`),
  remark: (line) => void process.stderr.write(`flagtail: ${line}\n`),
})
if (!done.ok) {
  process.stderr.write(`flagtail: ${done.error}\n`)
  process.exitCode = 1
}
