// Time that passes for a store: at once, by its clock, or really.
import { setTimeout as sleep } from 'node:timers/promises'
import { Shortfall } from './finding.ts'
import type { OpenStore } from './open-store.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** A limit that is passed by putting the clock forward. */
const LONG_SECONDS = 600

/** One that is waited for. Times in whole seconds can be off by one. */
const SHORT_SECONDS = 4

export interface Pace {
  /** The limit after which a session ends, in seconds. */
  limitSeconds: number
  /** Lets time pass, until it is so many limits since the start. */
  passTo(open: OpenStore, limits: number): Promise<void>
}

/**
 * Lets a body see time pass by the clock of the process, which takes no time. When the store then falls short, it may
 * take its times from a source that this clock does not reach, such as another server: so again, with real waiting.
 * @throws Shortfall when it falls short both times: the second one
 */
export async function atSomePace(store: StoreUnderTest, body: (pace: Pace) => Promise<void>): Promise<void> {
  try {
    await body(byTheClock())
  } catch (error) {
    if (!(error instanceof Shortfall)) throw error
    store.forget?.()
    await body(byWaiting())
  }
}

function byTheClock(): Pace {
  return {
    limitSeconds: LONG_SECONDS,
    passTo: (open, limits) => open.setClockAhead(Math.round(limits * LONG_SECONDS)),
  }
}

function byWaiting(): Pace {
  let passed = 0
  return {
    limitSeconds: SHORT_SECONDS,
    passTo: async (open, limits) => {
      if (passed === 0) await open.process.ask('clock', { aheadSeconds: 0 })
      const seconds = (limits - passed) * SHORT_SECONDS
      passed = limits
      open.tell(`${seconds.toFixed(1)} seconds pass.`)
      await sleep(seconds * 1000)
    },
  }
}

/** Has the clock go right again, whatever happens. */
export async function rightedAfter(open: OpenStore, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } finally {
    await open.process.ask('clock', { aheadSeconds: 0 })
  }
}
