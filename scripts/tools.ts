import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

type Needed = { readonly package: string; readonly names: readonly string[]; readonly instead: readonly string[] }

const browsers = ['chromium', 'chromium-browser', 'google-chrome']
/** Chromium without what draws a window: the same pages in half the time. */
const headless = 'chromium-headless-shell'

/** Programs that the tests need beside Node, by the Debian package that brings each, and what does as well. */
const needed: readonly Needed[] = [
  { package: 'redis-server', names: ['redis-server'], instead: [] },
  { package: headless, names: [headless], instead: browsers },
]

/** The first of these programs that is on PATH. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

/** The whole Chromium, which pictures and measurements are taken with. */
export function findChromium(): string | undefined {
  return findProgram(browsers) ?? findProgram([headless])
}

/** The Chromium that the tests drive: the quick one where there is one. */
export function findHeadless(): string | undefined {
  return findProgram([headless]) ?? findProgram(browsers)
}

/** Installs what is missing where that is allowed (root on Debian) and says so; else says what to install. */
export function ensureTools(): boolean {
  const missing = needed.filter(({ names }) => !findProgram(names))
  if (missing.length === 0 || installFromDebian(missing.map((one) => one.package))) return true
  return missing.every(({ instead }) => findProgram(instead))
}

/** Installs packages and says so where that is allowed (root on Debian), else says what to install. Starts no service. */
export function installFromDebian(packages: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || !isDebian()) {
    console.error(`Missing: ${packages.join(' and ')}. Install what is missing and run again.`)
    return false
  }
  console.log(`Installing ${packages.join(' and ')} from Debian …`)
  const apt = (...args: readonly string[]): boolean =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  apt('update')
  const installed = withoutServices(() => apt('install', '-y', '--no-install-recommends', ...packages))
  if (!installed) console.error(`Could not install ${packages.join(' and ')}.`)
  return installed
}

/** Debian asks this program before a package starts its service; 101 forbids it. An own one of the machine is respected. */
const policyFile = '/usr/sbin/policy-rc.d'

function withoutServices<Result>(install: () => Result): Result {
  if (existsSync(policyFile)) return install()
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return install()
  } finally {
    rmSync(policyFile)
  }
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}
