import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { failed, ok, type Result } from '../../domain/result.ts'
import type { Identity } from './sessions.ts'

/** An OpenID Connect provider, as configured. */
export type ProviderSettings = {
  /** As people call it: "Sign in with …". */
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  /** Absent for a public client, which PKCE alone protects. */
  readonly clientSecret: string | undefined
  /** Where people reach this server; the redirect is exactly `<url>/api/sign-in/callback`. */
  readonly url: string
  readonly scope: string
  /** The claim that lists groups, in the ID token or else in the user info. */
  readonly groupsClaim: string
}

/** What has to be kept in the browser until the provider sends it back. */
export type Pending = { readonly state: string; readonly nonce: string; readonly verifier: string }

const answerS = 5
const nameChars = 256
const mostGroups = 1000

/**
 * Signs people in at an OpenID Connect provider: authorization code with PKCE (RFC 7636, S256), state, nonce, and a
 * redirect that is always the configured one. The provider is found at the first sign-in, and again while it was away.
 */
export class Provider {
  readonly settings: ProviderSettings
  #found: Promise<Configuration> | undefined

  constructor(settings: ProviderSettings) {
    this.settings = settings
  }

  /** Where to send the browser, and what it has to keep. */
  async begin(): Promise<Result<{ readonly url: URL; readonly pending: Pending }, string>> {
    const configuration = await this.#find()
    if (!configuration.ok) return configuration
    const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
    const url = buildAuthorizationUrl(configuration.value, {
      redirect_uri: this.#redirect().href,
      scope: this.settings.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    })
    return ok({ url, pending })
  }

  /** Who came back, given the query that the provider sent along; else one line for the log. */
  async finish(query: string, { state, nonce, verifier }: Pending): Promise<Result<Identity, string>> {
    const configuration = await this.#find()
    if (!configuration.ok) return configuration
    try {
      const answer = this.#redirect()
      answer.search = query
      const tokens = await authorizationCodeGrant(configuration.value, answer, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) return failed('the provider sent no ID token')
      const told = this.#hasGroups(claims)
        ? claims
        : { ...(await fetchUserInfo(configuration.value, tokens.access_token, claims.sub)), ...claims }
      return ok(identityOf(claims.sub, told, this.settings.groupsClaim))
    } catch (error) {
      return failed(lineOf(error))
    }
  }

  #redirect(): URL {
    return new URL(`${this.settings.url}/api/sign-in/callback`)
  }

  #hasGroups(claims: Claims): boolean {
    return claims[this.settings.groupsClaim] !== undefined
  }

  async #find(): Promise<Result<Configuration, string>> {
    this.#found ??= this.#discover()
    try {
      return ok(await this.#found)
    } catch (error) {
      this.#found = undefined
      return failed(`cannot reach the provider at ${this.settings.issuer}: ${lineOf(error)}`)
    }
  }

  #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings
    const authentication = clientSecret === undefined ? None() : ClientSecretPost(clientSecret)
    const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : [] // settings allow that on loopback only
    return discovery(new URL(issuer), clientId, undefined, authentication, { execute, timeout: answerS })
  }
}

type Claims = Readonly<Record<string, unknown>>

function identityOf(sub: string, claims: Claims, groupsClaim: string): Identity {
  const names = [claims.name, claims.preferred_username, claims.email, sub]
  const name = names.find((one) => typeof one === 'string' && one !== '')
  const groups: unknown = claims[groupsClaim]
  const listed: readonly unknown[] = Array.isArray(groups) ? groups : [groups]
  return {
    id: sub.slice(0, nameChars),
    name: String(name).slice(0, nameChars),
    groups: listed.filter((group) => typeof group === 'string').slice(0, mostGroups),
  }
}

/** A library's error with what caused it, in one line. Neither has a code, token or secret in its message. */
function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`.replace(/\s+/g, ' ').slice(0, 500)
}
