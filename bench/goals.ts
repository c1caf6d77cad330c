import type { MatchingKind } from './parts/filter-counts.ts'
import { atRate, type Figure, figures, type Measured, median, medianOf, pairedRatio, type Results } from './results.ts'

/** One thing that must be reached, and what was. */
export type Goal = {
  readonly what: string
  readonly sense: 'at least' | 'at most'
  readonly wanted: number
  readonly unit: '×' | ' ms'
  /** `NaN` where it was not measured, or at a rate that was not kept up with. */
  readonly embedded: number
  readonly redis?: number
}

export function reached({ wanted, sense }: Goal, value: number): boolean {
  return sense === 'at least' ? value >= wanted : value <= wanted
}

/** In the order in which they were asked for. */
export function goalsOf(results: Results): readonly Goal[] {
  return [...peerGoals(results), ingestGoal(results), ...growthGoals(results), ...latencyGoals(results)]
}

/** Of a peer's two shapes, the one that delivers more of what is wanted. */
export function bestShape({ measured }: Results, peer: string): Measured | undefined {
  const shapes = measured.filter(({ id, rounds }) => [peer, `${peer}-single`].includes(id) && rounds.some(Boolean))
  return shapes.sort((a, b) => medianOf(b, figures.useful) - medianOf(a, figures.useful))[0]
}

function peerGoals(results: Results): readonly Goal[] {
  const of = (id: string): Measured | undefined => results.measured.find((one) => one.id === id)
  const goal = (what: string, wanted: number, peer: Measured | undefined, figure: Figure, ours = ''): Goal => ({
    what,
    sense: 'at least',
    wanted,
    unit: '×',
    embedded: pairedRatio([of(`flagtail${ours}`), figure], [peer, figure]),
    redis: pairedRatio([of(`flagtail-redis${ours}`), figure], [peer, figure]),
  })
  const [nats, nchan, mosquitto, naive] = [
    ...['nats', 'nchan', 'mosquitto'].map((peer) => bestShape(results, peer)),
    of('naive'),
  ]
  const at20k = atRate(20_000, ({ useful, cpuS }) => useful / cpuS)
  return [
    goal('useful per CPU-second, saturated, ÷ naive socket.io', 40, naive, figures.useful),
    goal('the same ÷ NATS in its best shape', 2, nats, figures.useful),
    goal('moved per CPU-second, saturated, ÷ NATS in its best shape', 1.2, nats, figures.moved),
    goal('useful per CPU-second, saturated, ÷ nchan in its best shape', 5, nchan, figures.useful),
    goal('the same ÷ Mosquitto in its best shape', 6, mosquitto, figures.useful),
    goal('useful per CPU-second at 20,000/s ÷ NATS in its best shape', 1.2, nats, at20k),
    goal('taken in per second, default row cap, ÷ naive socket.io', 40, naive, figures.takenIn, '-capped'),
  ]
}

function ingestGoal({ ingest }: Results): Goal {
  return {
    what: 'ingest per CPU-second ÷ bare node:http + JSON.parse',
    sense: 'at least',
    wanted: 0.7,
    unit: '×',
    embedded: median(ingest.map(({ flagtail, bare }) => flagtail / bare)),
  }
}

function growthGoals({ matching }: Results): readonly Goal[] {
  const goal = (kind: MatchingKind): Goal => {
    const ns = new Map(matching?.[kind])
    return {
      what: `matching per impression, 10,000 distinct exact-${kind} filters ÷ 100`,
      sense: 'at most',
      wanted: 2,
      unit: '×',
      embedded: (ns.get(10_000) ?? Number.NaN) / (ns.get(100) ?? Number.NaN),
    }
  }
  return [goal('flag'), goal('key')]
}

function latencyGoals({ measured }: Results): readonly Goal[] {
  const goal = (rate: number, share: 'p50Ms' | 'p99Ms', wanted: number): Goal => {
    const of = (id: string): number => {
      const ours = measured.find((one) => one.id === id)
      return medianOf(
        ours,
        atRate(rate, (phase) => phase[share]),
      )
    }
    return {
      what: `${share.slice(0, 3)} POST → socket at ${rate.toLocaleString('en-US')}/s`,
      sense: 'at most',
      wanted,
      unit: ' ms',
      embedded: of('flagtail'),
      redis: of('flagtail-redis'),
    }
  }
  return [goal(1000, 'p50Ms', 10), goal(1000, 'p99Ms', 40), goal(20_000, 'p50Ms', 25), goal(20_000, 'p99Ms', 60)]
}
