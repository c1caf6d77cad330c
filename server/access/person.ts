import { type Role, type Roles, roles, type Sight } from '../../domain/access.ts'

/** Somebody who is let in. */
export type Person = {
  /** What the audit log calls them, and what one signs them out by. */
  readonly id: string
  readonly name: string
  readonly roles: Roles
}

/** A group of the identity provider, and what its members may do where. */
export type Grant = { readonly group: string; readonly environments: readonly string[]; readonly role: Role }

/** The roles that groups give: in each environment the strongest. People of no named group have none. */
export function rolesOf(groups: readonly string[], grants: readonly Grant[]): Roles {
  const given = new Map<string, Role>()
  for (const { group, environments, role } of grants) {
    if (!groups.includes(group)) continue
    for (const id of environments) given.set(id, stronger(given.get(id) ?? 'none', role))
  }
  return Object.fromEntries(given)
}

/** What roles let one see of these environments. */
export function sightOf(of: Roles, environmentIds: readonly string[]): Sight {
  const sight = new Map<string, 'full' | 'masked'>()
  for (const id of environmentIds) {
    const role = roleIn(of, id)
    if (role !== 'none') sight.set(id, role === 'masked' ? 'masked' : 'full')
  }
  return sight
}

/** Whether somebody is admin of everything, and so may sign others out. */
export function isAdmin(of: Roles): boolean {
  return roleIn(of, '*') === 'admin'
}

function roleIn(of: Roles, environmentId: string): Role {
  const own = Object.hasOwn(of, environmentId) ? of[environmentId] : undefined
  const everywhere = Object.hasOwn(of, '*') ? of['*'] : undefined
  return stronger(own ?? 'none', everywhere ?? 'none')
}

function stronger(one: Role, other: Role): Role {
  return roles.indexOf(one) >= roles.indexOf(other) ? one : other
}
