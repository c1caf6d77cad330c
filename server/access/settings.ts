import type { TrustedProxy } from './peer.ts'
import type { Grant } from './person.ts'
import type { ProviderSettings } from './provider.ts'

/** Who may come in, as configured. */
export type AccessSettings =
  | { readonly kind: 'nobody-asks' }
  | {
      readonly kind: 'sign-in'
      /** FLAGTAIL_TOKEN; absent = one is made, unless a provider or a proxy signs people in. */
      readonly token: string | undefined
      readonly provider: ProviderSettings | undefined
      /** What groups may do, at the provider or by the proxy. */
      readonly grants: readonly Grant[]
    }

/** What stands before this server, if anything that it believes. */
export type ProxySettings = TrustedProxy | undefined
