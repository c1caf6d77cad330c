import fc from 'fast-check'
import {
  bringMessages,
  dropMessages,
  heal,
  killRedis,
  reset,
  restartNode,
  reviveRedis,
  trouble,
} from './breaking.fixture.ts'
import { expire, publish, rollBack, trim } from './posting.fixture.ts'
import { hangUp, readOn, readOther } from './reading.fixture.ts'
import { breathe, changeFilter, cut, hold, load, reconnect, release, stall, unstall } from './viewing.fixture.ts'

/** Those more often without which the others show nothing. */
const commands = [
  publish,
  publish,
  publish,
  publish,
  publish,
  breathe,
  breathe,
  stall,
  stall,
  unstall,
  unstall,
  cut,
  reconnect,
  reconnect,
  changeFilter,
  hold,
  release,
  load,
  hangUp,
  readOn,
  readOn,
  readOther,
  trim,
  expire,
  rollBack,
  killRedis,
  reviveRedis,
  reviveRedis,
  trouble,
  trouble,
  heal,
  reset,
  dropMessages,
  bringMessages,
  restartNode,
]

export const anyCommands = fc.commands(commands, { maxCommands: 50, size: 'max' })
