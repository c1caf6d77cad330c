import type { IncomingHttpHeaders } from 'node:http'
import { type Environment, type ImpressionsMode, impressionsModes, type Shared } from '../../domain/impression.ts'
import { textOf } from '../../domain/row.ts'
import type { KeyHolder } from './keys.ts'

const sharedChars = 256
const nameless: ReadonlySet<string> = new Set(['na', 'unknown'])

/** What is known of the sender of a post before its body is read. */
export type Sender = { readonly holder: KeyHolder; readonly receptionTimestamp: number }

/** The shared fields of a post that has headers. */
export function sharedOfHeaders(sender: Sender, headers: IncomingHttpHeaders): Shared {
  const mode = headers.splitsdkimpressionsmode ?? headers.splitimpressionsmode // the latter from old Ruby SDKs
  return {
    ...environmentOf(sender.holder.environment),
    ...versionOf(textOf(headers.splitsdkversion) ?? headers['x-harness-fme-sdk-version']),
    machineName: machineOf(headers.splitsdkmachinename),
    machineIp: machineOf(headers.splitsdkmachineip),
    impressionsMode: modeOf(mode),
    source: 'sdk',
    verified: sender.holder.verified,
    receptionTimestamp: sender.receptionTimestamp,
  }
}

/** The shared fields of a beacon, which says `sdk` and `sim` (its mode) in its body. */
export function sharedOfBeacon(sender: Sender, body: Readonly<Record<string, unknown>>): Shared {
  return {
    ...environmentOf(sender.holder.environment),
    ...versionOf(body.sdk),
    impressionsMode: modeOf(body.sim),
    source: 'beacon',
    verified: sender.holder.verified,
    receptionTimestamp: sender.receptionTimestamp,
  }
}

function environmentOf(environment: Environment) {
  return {
    environmentId: environment.id,
    environmentName: environment.name,
    trafficTypeId: environment.trafficTypeId,
    trafficTypeName: environment.trafficTypeName,
  }
}

/** `nodejs-11.0.0-rc.1` is version 11.0.0-rc.1 of nodejs: the first dash parts them. */
function versionOf(told: unknown): Pick<Shared, 'sdk' | 'sdkVersion'> {
  const text = textOf(told)?.slice(0, sharedChars)
  if (text === undefined) return {}
  const dash = text.indexOf('-')
  if (dash === -1) return { sdk: text }
  return { sdk: textOf(text.slice(0, dash)), sdkVersion: textOf(text.slice(dash + 1)) }
}

function machineOf(told: unknown): string | undefined {
  const text = textOf(told)?.slice(0, sharedChars)
  return text === undefined || nameless.has(text.toLowerCase()) ? undefined : text
}

function modeOf(told: unknown): ImpressionsMode | undefined {
  const text = textOf(told)?.toUpperCase()
  return impressionsModes.find((mode) => mode === text)
}
