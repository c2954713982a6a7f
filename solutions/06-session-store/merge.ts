// Putting together what two requests have changed in one session. Given: nothing to do here.
import type { SessionData } from 'express-session'

/**
 * The stored session with the changes of one request: every property that is no longer as it was loaded is taken from
 * the request, or removed with it. All others stay as they are stored, whoever has changed them since.
 * If both have changed the same property, the request wins, because it is the last.
 *
 * @param loaded the session as this request loaded it
 * @param own the session as it is in this request now; both come from `asJson`
 */
export function mergeChanges(stored: SessionData, loaded: SessionData, own: SessionData): SessionData {
  // Maps, because a property of an object may be called `__proto__`.
  const [merged, before, after] = [stored, loaded, own].map((one) => new Map(Object.entries(one))) as [
    Properties,
    Properties,
    Properties,
  ]
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (isSame(before.get(name), after.get(name))) continue
    if (after.has(name)) merged.set(name, after.get(name))
    else merged.delete(name)
  }
  return Object.fromEntries(merged) as unknown as SessionData
}

type Properties = Map<string, unknown>

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
