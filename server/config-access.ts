import { isIP } from 'node:net'
import { z } from 'zod'
import { roles } from '../domain/access.ts'

/** The parts of a config file that say who may come in. */

const word = z.string().regex(/^[\x21-\x7e]{1,256}$/, '1 to 256 characters without spaces are wanted')
const words = z.string().regex(/^.{1,256}$/su, '1 to 256 characters are wanted')
const header = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header is wanted')
const secret = z.string().regex(/^[\x21-\x7e]{32,256}$/, 'at least 32 characters without spaces are wanted')

/** Plain http would show everybody on the way who signs in. */
const safeUrl = z
  .string()
  .refine((text) => isSafeUrl(text), 'an https URL is wanted (http only on 127.0.0.1 or localhost)')

const oidc = z
  .strictObject({
    name: words.default('single sign-on'),
    issuer: safeUrl,
    clientId: word,
    clientSecret: word.optional(),
    url: safeUrl.refine((text) => isOrigin(text), 'a URL without path is wanted, as people type it'),
    scope: words.default('openid profile email groups'),
    groupsClaim: word.default('groups'),
  })
  .transform(({ clientSecret, url, ...rest }) => ({ ...rest, clientSecret, url: new URL(url).origin }))

const grant = z.strictObject({
  group: words,
  environments: z.array(words).min(1, 'at least one is wanted, or "*" for all'),
  role: z.enum(roles),
})

/** `"auth"`: an OpenID Connect provider, and what groups may do. */
export const authOfFile = z.strictObject({ oidc: oidc.optional(), roles: z.array(grant).max(200).default([]) })

const address = z.string().refine((text) => isCidr(text), 'an address or a CIDR such as 10.0.0.0/8 is wanted')

/** `"proxy"`: what stands before this server, and whether it signs people in. */
export const proxyOfFile = z.strictObject({
  addresses: z.array(address).min(1, 'at least one is wanted').max(100),
  signsIn: z
    .strictObject({
      secret,
      secretHeader: header.default('x-flagtail-secret'),
      personHeader: header.default('x-forwarded-user'),
      groupsHeader: header.default('x-forwarded-groups'),
    })
    .optional(),
})

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { pathname, search, hash, username, password } = new URL(text)
  return pathname === '/' && `${search}${hash}${username}${password}` === ''
}

function isCidr(text: string): boolean {
  const [host = '', bits, more] = text.split('/')
  const most = isIP(host) === 4 ? 32 : isIP(host) === 6 ? 128 : -1
  return more === undefined && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
}
