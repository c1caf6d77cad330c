import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs that the tests need beside Node, by the Debian package that brings each. */
const needed = [
  { names: ['redis-server'], package: 'redis-server' },
  { names: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
] as const

/** The first of these programs that is on PATH. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

/** The Chromium that the tests drive. */
export function findChromium(): string | undefined {
  return findProgram(needed[1].names)
}

/** Installs what is missing where that is allowed (root on Debian) and says so; else says what to install. */
export function ensureTools(): boolean {
  const missing = needed.filter(({ names }) => !findProgram(names)).map((one) => one.package)
  if (missing.length === 0) return true
  if (process.getuid?.() !== 0 || !isDebian()) {
    console.error(`The tests need ${missing.join(' and ')}: install them and run again.`)
    return false
  }
  console.log(`Installing ${missing.join(' and ')} from Debian …`)
  const apt = (...args: readonly string[]): boolean =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  apt('update')
  const installed = apt('install', '-y', '--no-install-recommends', ...missing)
  if (!installed) console.error(`Could not install ${missing.join(' and ')}.`)
  return installed
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}
