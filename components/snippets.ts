/** The name under which this page is reached; `localhost` may be ::1, where nobody listens. */
export function listeningOrigin(location: Pick<Location, 'protocol' | 'host' | 'hostname'>): string {
  const { protocol, host, hostname } = location
  return `${protocol}//${hostname === 'localhost' ? host.replace('localhost', '127.0.0.1') : host}`
}

export function nodeSnippet(origin: string): string {
  return `const { SplitFactory } = require('@splitsoftware/splitio');
const factory = SplitFactory({
  core: { authorizationKey: process.env.SPLIT_SDK_KEY },
  urls: { events: '${origin}/api', telemetry: '${origin}/api' }, // ← impressions come here
  scheduler: { impressionsRefreshRate: 1 },                      // default 300 s: you would wait five minutes
  sync: { impressionsMode: 'DEBUG' },                            // default OPTIMIZED hides repeats for an hour
});`
}

/** The key of the test button and of the command; with a config file only its own keys are good. */
export const testKey = 'flagtail-test-impression'

export function curlSnippet(origin: string): string {
  return `curl -X POST ${origin}/api/testImpressions/bulk \\
  -H 'Authorization: Bearer ${testKey}' \\
  -H 'Content-Type: application/json' -H 'SplitSDKVersion: curl-1' \\
  -d '[{"f":"my_first_flag","i":[{"k":"user-42","t":"on","m":'"$(date +%s)"'000,"r":"default rule"}]}]'`
}

/** Sends one impression through the same door that SDKs use. */
export async function sendTestImpression(nowMs: number): Promise<'sent' | 'unknown-key' | 'failed'> {
  const impression = { k: 'user-42', t: 'on', m: nowMs, r: 'sent from this page' }
  try {
    const response = await fetch('/api/testImpressions/bulk', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${testKey}`,
        'Content-Type': 'application/json',
        SplitSDKVersion: 'flagtail-test',
        SplitSDKImpressionsMode: 'DEBUG',
      },
      body: JSON.stringify([{ f: 'my_first_flag', i: [impression] }]),
    })
    if (response.status === 401) return 'unknown-key'
    return response.ok ? 'sent' : 'failed'
  } catch {
    return 'failed' // no answer at all: the pill says that the server is away
  }
}
