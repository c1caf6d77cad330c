const fixed: Readonly<Record<string, string>> = {
  'default rule': 'No targeting rule matched this key, so the default rule of the flag decided.',
  killed: 'The flag is killed in this environment: everybody gets its default treatment.',
  'not in split':
    'The key is outside of the share of traffic that the flag is exposed to, so it got the default treatment.',
  'not ready': 'Evaluated before the SDK was ready: it knew no rules yet, so it could not evaluate.',
  exception: 'The SDK failed while it evaluated the flag.',
  'definition not found': 'The SDK did not know a flag of this name.',
  archived: 'The flag is archived.',
  'prerequisites not met': 'Another flag that this one depends on gave a treatment that does not fit.',
  'targeting rule type unsupported by sdk': 'The flag uses a rule that this version of the SDK does not know.',
  whitelisted: 'The key is named in the flag itself.',
}

const fallback = 'fallback - '

/** What a label that SDKs make by themselves means; labels that people wrote speak for themselves. */
export function explainLabel(label: string): string | undefined {
  if (!label.startsWith(fallback)) return Object.hasOwn(fixed, label) ? fixed[label] : undefined
  const reason = explainLabel(label.slice(fallback.length))
  return `The SDK gave the fallback treatment that the application configured. ${reason ?? ''}`.trim()
}

/** `control` is no variation: it says that there was no evaluation. */
export function explainTreatment(treatment: string): string | undefined {
  return treatment === 'control' ? 'The SDK could not evaluate the flag and returned control.' : undefined
}
