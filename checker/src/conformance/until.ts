// Waiting for something that may take a moment. How long it takes is no part of a verdict.

const LOOKS_MAX = 60
/** The first looks are quick. */
const QUICK_LOOKS = 10
const QUICK_LOOK_EVERY_MS = 5
const LOOK_EVERY_MS = 100

/** @returns whether the condition came to hold, at one of 60 looks in about five seconds */
export async function comesTrue(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    if (await condition()) return true
    await new Promise((resolve) =>
      setTimeout(resolve, look < QUICK_LOOKS ? QUICK_LOOK_EVERY_MS : LOOK_EVERY_MS),
    )
  }
  return false
}
