/** The name under which this page is reached; `localhost` may be ::1, where nobody listens. */
export function listeningOrigin(location: Pick<Location, 'protocol' | 'host' | 'hostname'>): string {
  const { protocol, host, hostname } = location
  return `${protocol}//${hostname === 'localhost' ? host.replace('localhost', '127.0.0.1') : host}`
}

/** Each was run once as it stands, see docs/SNIPPETS.md. */
export const languages = ['Node', 'Browser', 'React', 'curl'] as const
export type Language = (typeof languages)[number]

/** What to do to one's own code, or to a shell; `anyKey` where the server takes any key. */
export function snippetOf(language: Language, origin: string, anyKey: boolean): string {
  switch (language) {
    case 'Node':
      return nodeSnippet(origin)
    case 'Browser':
      return browserSnippet(origin)
    case 'React':
      return reactSnippet(origin)
    case 'curl':
      return curlSnippet(origin, anyKey)
    default:
      return language satisfies never
  }
}

/** In one line, what the snippet is for. */
export const notes: Readonly<Record<Language, string>> = {
  Node: 'the SDK that you run already; urls, scheduler and sync are new',
  Browser: '@splitsoftware/splitio-browserjs, on a page of any origin',
  React: '@splitsoftware/splitio-react; only urls, scheduler and sync are new',
  curl: 'one impression without an SDK',
}

function changes(origin: string): string {
  return `  urls: { events: '${origin}/api', telemetry: '${origin}/api' }, // ← impressions come here
  scheduler: { impressionsRefreshRate: 1 }, // default 300 s: you would wait five minutes
  sync: { impressionsMode: 'DEBUG' }, // default OPTIMIZED hides repeats for an hour`
}

function nodeSnippet(origin: string): string {
  return `const { SplitFactory } = require('@splitsoftware/splitio');
const factory = SplitFactory({
  core: { authorizationKey: process.env.SPLIT_SDK_KEY },
${changes(origin)}
});`
}

function browserSnippet(origin: string): string {
  return `import { SplitFactory } from '@splitsoftware/splitio-browserjs';
const factory = SplitFactory({
  core: { authorizationKey: 'YOUR_CLIENT_SIDE_SDK_KEY', key: 'user-42' },
${changes(origin)}
});`
}

function reactSnippet(origin: string): string {
  return `import { SplitFactoryProvider, useTreatment } from '@splitsoftware/splitio-react';
const config = {
  core: { authorizationKey: 'YOUR_CLIENT_SIDE_SDK_KEY', key: 'user-42' },
${changes(origin)}
};
function Banner() {
  const { treatment, isReady } = useTreatment({ name: 'my_first_flag' });
  return isReady ? <p>{treatment}</p> : null;
}
export const App = () => <SplitFactoryProvider config={config}><Banner /></SplitFactoryProvider>;`
}

/** The key of the test button and of the command, where any key is taken. */
const testKey = 'flagtail-test-impression'

function curlSnippet(origin: string, anyKey: boolean): string {
  return `curl -X POST ${origin}/api/testImpressions/bulk \\
  -H 'Authorization: Bearer ${anyKey ? testKey : '<an SDK key of the config file>'}' \\
  -H 'Content-Type: application/json' -H 'SplitSDKVersion: curl-1' \\
  -d '[{"f":"my_first_flag","i":[{"k":"user-42","t":"on","m":'"$(date +%s)"'000,"r":"default rule"}]}]'`
}

export type TestOutcome = 'sent' | 'unknown-key' | 'failed'

/** Sends one impression through the same door that SDKs use, with this key or one that any server in open mode takes. */
export async function sendTestImpression(nowMs: number, key = testKey): Promise<TestOutcome> {
  const impression = { k: 'user-42', t: 'on', m: nowMs, r: 'sent from this page' }
  try {
    const response = await fetch('/api/testImpressions/bulk', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${key}`,
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
