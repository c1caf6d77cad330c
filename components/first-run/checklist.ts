import type { Evidence } from '../../domain/evidence.ts'
import { plural } from '../tail/numbers.ts'
import { agoText } from '../times.ts'

/** One thing that keeps impressions away, and whether this server has seen it happen. */
export type Check = {
  readonly id: string
  /** `found`: seen, and probably why. `clear`: not seen. `unseen`: nothing here could tell. */
  readonly kind: 'found' | 'clear' | 'unseen'
  /** What was seen. */
  readonly seen: string
  /** What to do about it. */
  readonly advice: string
  /** From outside: shown with everything invisible in it spelled out. */
  readonly path?: string
}

/** For so long nobody wonders yet. */
export const patienceMs = 90_000

/** What may be wrong, each with what this server has seen of it; always all of them and in this order, so that no line moves. */
export function checklistOf(evidence: Evidence, origin: string): readonly Check[] {
  return [
    requestsCheck(evidence, origin),
    pathCheck(evidence, origin),
    keyCheck(evidence),
    preflightCheck(evidence),
    definitionsCheck(evidence, origin),
    refusedCheck(evidence),
    modeCheck(evidence),
    flagCheck(evidence),
    shortLivedCheck(evidence),
  ]
}

/** Whether something was seen that keeps impressions away. */
export function hasTrouble(checks: readonly Check[]): boolean {
  return checks.some(({ id, kind }) => kind === 'found' && id !== 'requests')
}

function requestsCheck({ requests, last }: Evidence, origin: string): Check {
  if (!last) {
    const advice = `Does urls.events say ${origin}/api, and does that code run? In a container 127.0.0.1 is the container itself.`
    return { id: 'requests', kind: 'found', seen: 'No request has come from an SDK', advice }
  }
  const ago = last.agoMs < 1000 ? 'just now' : agoText(-last.agoMs, 0)
  const seen = `This server is reached: ${plural(requests, 'request')}, the last ${ago}, answered ${last.status}`
  return {
    id: 'requests',
    kind: 'clear',
    seen,
    advice: '',
    path: `${last.method} ${last.path}`,
  }
}

function pathCheck({ wrongPaths, lastWrongPath }: Evidence, origin: string): Check {
  const advice = `urls.events and urls.telemetry are ${origin}/api; the SDK adds the rest.`
  if (wrongPaths === 0) return { id: 'path', kind: 'clear', seen: 'No request to a wrong path', advice }
  const seen = `${plural(wrongPaths, 'request')} to a path that is not here (404)`
  return { id: 'path', kind: 'found', seen, advice, path: lastWrongPath }
}

function keyCheck({ unknownKeys, wrongOrigins, keys }: Evidence): Check {
  const advice =
    keys === 'any'
      ? 'Any key of 8 or more characters is taken here; a shorter one, or none, is not.'
      : 'Only the SDK keys of the config file (FLAGTAIL_CONFIG) and those made with flagtail keys are taken here.'
  if (unknownKeys > 0) {
    return { id: 'key', kind: 'found', seen: `${plural(unknownKeys, 'post')} with an unknown SDK key (401)`, advice }
  }
  if (wrongOrigins === 0) return { id: 'key', kind: 'clear', seen: 'No post with an unknown SDK key', advice }
  const seen = `${plural(wrongOrigins, 'post')} from a page whose origin its SDK key does not take (403)`
  return { id: 'key', kind: 'found', seen, advice: 'The key names the origins of its pages: add this one there.' }
}

function preflightCheck({ preflights, foreignPosts }: Evidence): Check {
  const advice =
    'The browser asks before it posts. Chrome asks the visitor before a public page may reach a private address, and only on https; ad blockers may stop the post.'
  if (preflights === 0) return { id: 'preflight', kind: 'clear', seen: 'No browser asked whether it may post', advice }
  if (foreignPosts > 0) {
    return { id: 'preflight', kind: 'clear', seen: 'Browsers asked whether they may post, and did', advice }
  }
  const seen = `A browser asked ${preflights === 1 ? 'once' : `${preflights} times`} whether it may post, and did not post`
  return { id: 'preflight', kind: 'found', seen, advice }
}

function definitionsCheck({ definitions }: Evidence, origin: string): Check {
  const advice = `Flags come from the vendor: leave urls.sdk and urls.auth alone, or the SDK is never ready. Only events and telemetry are ${origin}/api.`
  if (definitions === 0) return { id: 'definitions', kind: 'clear', seen: 'No SDK asked here for its flags', advice }
  return { id: 'definitions', kind: 'found', seen: `An SDK asked here for its flags (${definitions} ×)`, advice }
}

function refusedCheck({ refused }: Evidence): Check {
  const advice = 'Too large, too many at once, not JSON, or the log is away: the answer to the post says which.'
  if (refused === 0) return { id: 'refused', kind: 'clear', seen: 'No post was refused for another reason', advice }
  return { id: 'refused', kind: 'found', seen: `${plural(refused, 'post')} refused for another reason`, advice }
}

function modeCheck({ modes }: Evidence): Check {
  const advice = "sync: { impressionsMode: 'DEBUG' } sends each one."
  if (modes.NONE > 0) {
    return { id: 'mode', kind: 'found', seen: 'An SDK runs in NONE mode: it sends counts, no impressions', advice }
  }
  if (modes.OPTIMIZED > 0) {
    return {
      id: 'mode',
      kind: 'found',
      seen: 'An SDK runs in OPTIMIZED mode: repeats within an hour are not sent',
      advice,
    }
  }
  const seen = modes.DEBUG > 0 ? 'The SDK runs in DEBUG mode' : 'No SDK has named its impressions mode'
  return { id: 'mode', kind: modes.DEBUG > 0 ? 'clear' : 'unseen', seen, advice }
}

function flagCheck({ otherPosts, impressionPosts }: Evidence): Check {
  const advice =
    'Of a flag that does not exist the SDK sends nothing: compare the name, and see that getTreatment is called.'
  if (otherPosts === 0 || impressionPosts > 0) {
    return { id: 'flag', kind: 'unseen', seen: 'Does the flag exist, and is it evaluated?', advice }
  }
  const seen = `An SDK is here (${plural(otherPosts, 'post')} of telemetry), and sends no impression`
  return { id: 'flag', kind: 'found', seen, advice }
}

function shortLivedCheck({ otherPosts, impressionPosts }: Evidence): Check {
  const advice =
    'A script or function that ends before the next flush takes its impressions with it: await factory.destroy().'
  const seen =
    otherPosts > 0 && impressionPosts === 0
      ? 'Did the process end before it sent them?'
      : 'Does the process live for long enough?'
  return { id: 'short-lived', kind: 'unseen', seen, advice }
}
