import type { Contender } from './contender.ts'
import { flagtail } from './flagtail.ts'
import { mosquitto } from './mosquitto.ts'
import { naive } from './naive.ts'
import { nats } from './nats.ts'
import { nchan } from './nchan.ts'

/** In the order in which they run and are shown. */
export const allContenders: readonly Contender[] = [
  flagtail('flagtail', { redis: false, rows: 'all rows' }),
  flagtail('flagtail-redis', { redis: true, rows: 'all rows' }),
  flagtail('flagtail-capped', { redis: false, rows: 'default cap' }),
  flagtail('flagtail-redis-capped', { redis: true, rows: 'default cap' }),
  nats('nats', 'batch'),
  nats('nats-single', 'single'),
  nchan('nchan', 'batch'),
  nchan('nchan-single', 'single'),
  mosquitto('mosquitto', 'batch'),
  mosquitto('mosquitto-single', 'single'),
  naive,
]
