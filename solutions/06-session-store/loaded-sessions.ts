// Remembers what each session was like when its request loaded it. Given: nothing to do here.
import type { SessionData } from 'express-session'

/** A session as it would come back from its file: with texts for dates, and without what JSON leaves out. */
export function asJson(session: SessionData): SessionData {
  return JSON.parse(JSON.stringify(session))
}

export class LoadedSessions {
  /** By the object that the request works on. It is forgotten with the request. */
  readonly #loaded = new WeakMap<object, { id: string; asLoaded: SessionData }>()

  /** Notes what is in this object, now that it has been loaded from this id, or stored there. */
  remember(id: string, session: SessionData, asLoaded = asJson(session)): void {
    this.#loaded.set(session, { id, asLoaded })
  }

  /** Notes that another object takes the place of one that was loaded. */
  handOn(from: SessionData, to: SessionData): void {
    const loaded = this.#loaded.get(from)
    if (loaded) this.#loaded.set(to, loaded)
  }

  /** What the object was like when it was loaded from this id. Undefined for a session that is new. */
  find(id: string, session: SessionData): SessionData | undefined {
    const loaded = this.#loaded.get(session)
    return loaded?.id === id ? loaded.asLoaded : undefined
  }
}
