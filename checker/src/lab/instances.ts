// The instances of a lab that runs several of them side by side.
import type { Lab } from './lab.ts'

export interface LabInstance {
  /** A, B, … */
  name: string
  /** Under `npm run lab N` its port is the lab's and this: 10 for A, 20 for B. */
  portOffset: number
}

const NAMES = 'ABCDEFGH'

/** None for a lab with a single instance, which has no name. */
export function instancesOf(lab: Lab): LabInstance[] {
  if (lab.instances === 1) return []
  return [...NAMES.slice(0, lab.instances)].map((name, index) => ({ name, portOffset: 10 * (index + 1) }))
}

/** What an instance behind the balancer of `npm run lab N` has to know. */
export function behindBalancer({ name }: LabInstance): Record<string, string> {
  return { INSTANCE_NAME: name, TRUSTED_PROXIES: '1' }
}
