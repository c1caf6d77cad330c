import { z } from 'zod'
import { keyLimits } from '../../domain/limits.ts'

/** What may be said with a key, in the config file and in the store alike. */
export const keyName = z
  .string()
  .regex(new RegExp(`^[^\\p{Cc}]{1,${keyLimits.nameChars}}$`, 'u'), `1 to ${keyLimits.nameChars} characters are wanted`)

export const keyCreatedAt = z.iso.datetime('a time like 2026-11-24T10:00:00Z is wanted')

const origin = z
  .string()
  .max(keyLimits.originChars, `at most ${keyLimits.originChars} characters are wanted`)
  .transform((text, context) => {
    const read = originOf(text)
    if (read !== undefined) return read
    context.addIssue({ code: 'custom', message: 'an origin like https://shop.example is wanted, without a path' })
    return z.NEVER
  })

export const keyOrigins = z
  .array(origin)
  .min(1, 'at least one is wanted')
  .max(keyLimits.origins, `at most ${keyLimits.origins} are wanted`)

/** A page's origin as browsers write it, or `undefined`; apps have schemes of their own (`capacitor://localhost`). */
export function originOf(text: string): string | undefined {
  const shape = /^([a-z][a-z0-9+.-]*):\/\/[^\s/?#@\\]+$/i.exec(text)
  if (!shape || !URL.canParse(text)) return undefined
  const isWeb = /^https?$/i.test(shape[1] ?? '')
  return isWeb ? new URL(text).origin : text.toLowerCase()
}
