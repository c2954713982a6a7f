// A clock that can be put forward while a store is at work, so that a session's end is seen without waiting.
let aheadMs = 0

const RealDate = Date
// biome-ignore lint/suspicious/noShadowRestrictedNames: the name shows in messages, so it stays.
globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + aheadMs)
    else super(...args)
  }
  static now() {
    return RealDate.now() + aheadMs
  }
}

export function setClockAhead(seconds) {
  aheadMs = seconds * 1000
}
