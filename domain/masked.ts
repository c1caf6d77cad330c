import type { Shared } from './impression.ts'
import { changeNumberOf, countOf, type Row, textOf } from './row.ts'

/** Hides a text: equal texts of one environment have equal masks, and nobody without its secret can tell the text. */
export type Mask = (text: string) => string

const prefix = 'user·'
const hexDigits = 16

/** The mask that is shown for a hash in hex. */
export function maskText(hash: string): string {
  return prefix + hash.slice(0, hexDigits)
}

/** Whether a text is spelled like a mask: what a masked row has in a key's place is. */
export function isMask(text: string): boolean {
  return /^user·[0-9a-f]{16}$/.test(text)
}

/** The row with its keys masked, of the fields that we know of: what else an SDK may write is not ours to show. */
export function maskedRow({ k, b, t, m, r, c, pt }: Row, mask: Mask): Row {
  const bucketingKey = textOf(b)
  return {
    k: mask(textOf(k) ?? ''),
    b: bucketingKey === undefined ? undefined : mask(bucketingKey),
    t: textOf(t),
    m: countOf(m),
    r: textOf(r),
    c: changeNumberOf(c),
    pt: countOf(pt),
  }
}

/** What a post shares, without the address of its sender. */
export function maskedShared(shared: Shared): Shared {
  const named = !spellsAddress(shared.machineName, shared.machineIp)
  return { ...shared, machineIp: undefined, machineName: named ? shared.machineName : undefined, masked: true }
}

const fourBytes = /(?<!\d)\d{1,3}([-._])\d{1,3}\1\d{1,3}\1\d{1,3}(?!\d)/
const eightGroups = /(?:[0-9a-f]{1,4}[-:_]){7}[0-9a-f]{1,4}|[0-9a-f]{0,4}::/i
/** A short one with its colons as hyphens: `2001-db8--1`. */
const groupsLeftOut = /(?<![0-9a-z])([0-9a-f]{1,4}-)+-[0-9a-f]{0,4}(?![0-9a-z])/i
const fourBytesInHex = /^ip-[0-9a-f]{8}(?![0-9a-z])/i

/** Whether a machine is named by its address, as SDKs name it that know no better (`ip-10-0-0-7`) and clouds do. */
export function spellsAddress(machineName: string | undefined, machineIp: string | undefined): boolean {
  if (machineName === undefined) return false
  if ([fourBytes, eightGroups, groupsLeftOut, fourBytesInHex].some((spelled) => spelled.test(machineName))) return true
  return machineIp !== undefined && spellings(machineIp).some((spelled) => plain(machineName).includes(spelled))
}

/** An address as it is written, and one of four bytes in hex and as one number, too. */
function spellings(machineIp: string): readonly string[] {
  const bytes = /^\d{1,3}(\.\d{1,3}){3}$/.test(machineIp) ? machineIp.split('.').map(Number) : []
  if (bytes.length === 0) return [plain(machineIp)]
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return [plain(machineIp), number.toString(16).padStart(8, '0'), String(number)]
}

/** However its parts are separated. */
function plain(address: string): string {
  return address.toLowerCase().replace(/[-._:]+/g, '-')
}
