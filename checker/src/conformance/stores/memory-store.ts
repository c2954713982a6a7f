// express-session's MemoryStore, as the host of stores opens it.
import session from 'express-session'

export function openStore() {
  return new session.MemoryStore()
}
