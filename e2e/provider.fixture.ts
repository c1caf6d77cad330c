import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export type TestProvider = {
  readonly issuer: string
  readonly stop: () => Promise<void>
}

/** Whom the provider knows, and their groups. */
const people: Readonly<Record<string, readonly string[]>> = {
  ann: ['engineers'],
  sam: ['support', 'everybody'],
  guest: ['everybody'],
  boss: ['owners'],
}

export const client = { id: 'flagtail', secret: 'a-secret-of-the-test-client-0001' } as const

/** A real OpenID Connect provider on loopback, which lets in whoever names themselves, and knows one client: the server at that URL. */
export async function startProvider(clientUrl: string): Promise<TestProvider> {
  const server = createServer((request, response) => provider.callback()(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${clientUrl}/api/sign-in/callback`],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id[0]?.toUpperCase()}${id.slice(1)}`, groups: [...(people[id] ?? [])] }),
    }),
    cookies: { keys: ['of-the-test'] },
    features: { devInteractions: { enabled: true } },
  })
  return {
    issuer,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
