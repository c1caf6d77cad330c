import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, release, totalmem } from 'node:os'
import { findProgram } from '../scripts/tools.ts'

const gib = 1024 ** 3
const require = createRequire(import.meta.url)

/** What ran where and when, without the names of host or folders. */
export function describeMachine(now: Date): readonly string[] {
  return [
    `Date: ${now.toISOString().slice(0, 10)}`,
    `Processor: ${cpus().length} × ${processor()}; memory ${(totalmem() / gib).toFixed(1)} GiB; Linux ${release()}`,
    `Node ${process.versions.node}; socket.io ${library('socket.io')}, ioredis ${library('ioredis')}, ws ${library('ws')}`,
    [
      `Redis ${versionOf('redis-server', '--version')}`,
      `nats-server ${versionOf('nats-server', '--version')}`,
      `Mosquitto ${versionOf('mosquitto', '-h')}`,
      `nginx ${versionOf('nginx', '-v')} with nchan ${debianVersion('libnginx-mod-nchan')}`,
    ].join('; '),
  ]
}

/** Virtual machines often give no name; then the kind is what there is. */
function processor(): string {
  return /model name\s*:\s*(.+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim() ?? process.arch
}

function library(name: string): string {
  return require(`${name}/package.json`).version
}

function versionOf(program: string, argument: string): string {
  const path = findProgram([program])
  if (!path) return '(absent)'
  const { stdout, stderr } = spawnSync(path, [argument], { encoding: 'utf8' })
  return /\d+\.\d+[.\d]*/.exec(`${stdout}${stderr}`)?.[0] ?? '(unknown)'
}

function debianVersion(name: string): string {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '$' + '{Version}', name], { encoding: 'utf8' })
  return status === 0 ? stdout : '(absent)'
}
