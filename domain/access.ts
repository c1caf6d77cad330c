/** How one may see an environment's impressions: as they are, or with keys, bucketing keys, IPs and properties masked. */
export type Clarity = 'full' | 'masked'

/** What somebody may see: environments by id. One that is absent does not exist for them. */
export type Sight = ReadonlyMap<string, Clarity>

/** What somebody may do in an environment; `admin` sees it in full and, where it is so for all, signs others out. */
export const roles = ['none', 'masked', 'full', 'admin'] as const
export type Role = (typeof roles)[number]

/** Roles by environment id; `*` = every environment, also one that is added later. */
export type Roles = Readonly<Record<string, Role>>

/** How one signs in to this server: by its token, at an identity provider of this name, or at a proxy before it. */
export type SignIn = {
  readonly token: boolean
  readonly provider?: string
  readonly proxy: boolean
}

/** Answers `POST /api/session`. */
export type SessionAnswer = {
  /** `nobody`: there is no sign-in, whoever reaches the server reads everything. */
  readonly person: { readonly id: string; readonly name: string } | 'nobody'
  /** For one socket, once, within a minute; absent where there is no sign-in. */
  readonly ticket?: string
  /** Whether there is any environment that this person may see. */
  readonly sees: boolean
}

/** Why somebody is not let in; the body of a 401. `ended`: was signed in, and is no more. */
export type SignedOut = { readonly reason: 'unknown' | 'ended'; readonly signIn: SignIn }
