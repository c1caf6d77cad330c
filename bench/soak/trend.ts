/** A straight line through points: how fast it rises, and how sure that is. */
export type Trend = { readonly perMinute: number; readonly standardError: number }

export type Point = { readonly atS: number; readonly value: number }

/** Least squares. */
export function trendOf(points: readonly Point[]): Trend {
  const mean = (of: (point: Point) => number): number => points.reduce((sum, one) => sum + of(one), 0) / points.length
  const minutes = ({ atS }: Point): number => atS / 60
  const [midX, midY] = [mean(minutes), mean(({ value }) => value)]
  const sum = (of: (x: number, y: number) => number): number =>
    points.reduce((all, point) => all + of(minutes(point) - midX, point.value - midY), 0)
  const spread = sum((x) => x * x)
  const perMinute = sum((x, y) => x * y) / spread
  const rest = sum((x, y) => (y - perMinute * x) ** 2)
  return { perMinute, standardError: Math.sqrt(rest / (points.length - 2) / spread) }
}

/** The lowest point of each stretch of so many seconds. Whole ones only. */
export function lowest(points: readonly Point[], everyS: number): readonly Point[] {
  const from = points[0]?.atS ?? 0
  const stretches = new Map<number, Point[]>()
  for (const point of points) {
    const stretch = Math.floor((point.atS - from) / everyS)
    stretches.set(stretch, [...(stretches.get(stretch) ?? []), point])
  }
  return [...stretches.values()]
    .filter((one) => one.length >= everyS - 1)
    .map((one) => one.reduce((least, point) => (point.value < least.value ? point : least)))
}
