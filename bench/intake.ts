import { Agent, request } from 'node:http'
import { io } from 'socket.io-client'
import { protocolVersion } from '../domain/protocol.ts'
import { startServer } from './server.ts'
import { anyKey, postBody, workload } from './workload.ts'

/** Impressions per second that one process takes in with 50 viewers: 40 on one flag, 5 on all, 5 on all by an exact key. */
const seconds = Number(process.argv[2] ?? 10)
const posters = 16
const filters = [
  ...Array.from({ length: 40 }, (_, index) => `flag:flag_${index % 10}`),
  ...Array.from({ length: 5 }, () => ''),
  ...Array.from({ length: 5 }, (_, index) => `key:user-${index}`),
]

const server = await startServer()
const agent = new Agent({ keepAlive: true, maxSockets: posters })
const bodies = Array.from({ length: 64 }, () => postBody(workload.perPost, anyKey))

function post(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: 'Bearer some-sdk-key', SplitSDKVersion: 'nodejs-11.11.2' }
    const sent = request(`${server.url}/api/testImpressions/bulk`, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

let matched = 0
let rows = 0
const viewers = filters.map((filter) => {
  const socket = io(server.url, { transports: ['websocket'], auth: { version: protocolVersion }, forceNew: true })
  socket.on('connect', () => socket.emit('watch', { revision: 1, filter }))
  let last = 0
  socket.on('frame', (frame) => {
    matched += frame.matched - last
    last = frame.matched
    rows += frame.rows.length
  })
  return socket
})
await new Promise((resolve) => setTimeout(resolve, 1000))

const began = performance.now()
const cpuBefore = server.cpuSeconds()
let posts = 0
await Promise.all(
  Array.from({ length: posters }, async (_, poster) => {
    for (let next = poster; performance.now() - began < seconds * 1000; next++) {
      await post(bodies[next % bodies.length] ?? '')
      posts++
    }
  }),
)
const tookS = (performance.now() - began) / 1000
const cpuS = server.cpuSeconds() - cpuBefore
await new Promise((resolve) => setTimeout(resolve, 1000))
const impressions = posts * workload.perPost
const perSecond = Math.round(impressions / tookS).toLocaleString('en-US')
const perCpuSecond = Math.round(impressions / cpuS).toLocaleString('en-US')
console.log(
  `${filters.length} viewers, ${tookS.toFixed(1)} s: ${perSecond} impressions/s taken in, ${perCpuSecond} per CPU-second`,
)
console.log(
  `matched and counted for viewers: ${Math.round(matched / tookS).toLocaleString('en-US')}/s; row groups received ${rows.toLocaleString('en-US')}; ${Math.round(server.residentMb())} MB resident`,
)
for (const socket of viewers) socket.disconnect()
agent.destroy()
await server.stop()
