// What the host of stores gives to `openStore`.

export interface StoreOptions {
  /** Where the store may keep its files. Another place for each store, unless two share their sessions. */
  folder: string
  /** How long a session may be unused. Undefined: for ever, if the store can do that. */
  timeoutSeconds?: number
}
