// npm run resilience: what lab 5's solution does while Redis, or one of its instances, is away. Prints figures.
import { measureBehindHaproxy } from '../resilience/behind-haproxy.ts'
import { measureOutage } from '../resilience/redis-outage.ts'

for (const [kind, says] of [
  ['stop', 'Redis killed, and started after 3 seconds'],
  ['hang', 'Redis silent, and back after 3 seconds'],
] as const) {
  const { refused, slowestMs, others, recoveredMs, cookies } = await measureOutage(kind, 3_000)
  console.log(`${says}:`)
  console.log(`  ${refused} answers 503, the slowest after ${slowestMs} ms; ${others} other answers`)
  console.log(`  the value is back ${recoveredMs} ms after Redis; ${cookies} cookies were replaced`)
}
const { requests, failed, lost, servedBy } = await measureBehindHaproxy(1_000)
console.log('Behind HAProxy, round robin over two instances, one killed and started again:')
console.log(`  of ${requests} requests ${failed} failed, and ${lost} lost the value`)
for (const [name, count] of Object.entries(servedBy)) console.log(`  instance ${name} answered ${count}`)
