import type { AsyncCommand } from 'fast-check'
import type { World } from '../world.fixture.ts'

/** What has to be known of the world to choose what may happen next. */
export type Plan = {
  redisUp: boolean
  readonly troubled: [boolean, boolean]
  readonly dropping: [boolean, boolean]
  readonly stalled: boolean[]
  readonly cut: boolean[]
  readonly held: boolean[]
  scriptCut: boolean
}

export function freshPlan(): Plan {
  return {
    redisUp: true,
    troubled: [false, false],
    dropping: [false, false],
    stalled: [false, false, false],
    cut: [false, false, false],
    held: [false, false, false],
    scriptCut: false,
  }
}

type Parts = {
  readonly name: string
  readonly may?: (plan: Plan) => boolean
  /** What it changes in the plan. */
  readonly plan?: (plan: Plan) => void
  readonly act: (world: World) => void | Promise<void>
}

/** A step of a run, shown by its name. */
export class Step implements AsyncCommand<Plan, World> {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  check(plan: Readonly<Plan>): boolean {
    return this.#parts.may?.(plan) ?? true
  }

  async run(plan: Plan, world: World): Promise<void> {
    this.#parts.plan?.(plan)
    world.note(`── ${this.#parts.name}`)
    await this.#parts.act(world)
  }

  toString(): string {
    return this.#parts.name
  }
}
