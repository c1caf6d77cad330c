import type { AccessStore } from './access-store.ts'

/** Signs out, and begins the page anew: nothing that was seen stays in it. */
export async function leave(access: AccessStore): Promise<void> {
  if (await access.signOut()) window.location.reload()
}
