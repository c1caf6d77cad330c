/** The keys of one environment's log. One hash tag: they and whatever a script does to them are in one slot of a cluster. */
export function keysOf(environmentId: string) {
  const prefix = `flagtail:{${environmentId}}`
  return { log: `${prefix}:log`, meta: `${prefix}:meta`, marks: `${prefix}:marks` } as const
}

/**
 * The channel of an environment. Redis's channels know no database numbers, so the name says it, except for 0: two
 * installations in two databases of one Redis must not hear each other.
 */
export function channelOf(environmentId: string, database: number): string {
  return `flagtail:{${environmentId}}:live${database === 0 ? '' : `@${database}`}`
}

/** The environment of one of our channels; ids have no braces. */
export function environmentOf(channel: string): string {
  return channel.slice(channel.indexOf('{') + 1, channel.indexOf('}'))
}
