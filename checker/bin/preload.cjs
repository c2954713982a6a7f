// Loaded into the student's app before its own code. It reports on which port the app listens, so that a wrong
// port can be named, and whether a forgotten promise has ended it; and can put the clock forward or back, so that
// expiry is seen without waiting, once more when it listens, or stop it, so that what a chapter shows can be compared.
// It decides nothing: verdicts come from the app's answers alone.
const fs = require('node:fs')
const net = require('node:net')

const REPORT_FD = 3

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => {
    const address = this.address()
    if (address && typeof address === 'object') report(address.port)
    aheadMs = listeningAheadMs
  })
  return listen.apply(this, args)
}

// Tells how the app ends, and changes nothing about it.
process.on('uncaughtExceptionMonitor', (_error, origin) => {
  if (origin === 'unhandledRejection') report(origin)
})

function report(line) {
  try {
    fs.writeSync(REPORT_FD, `${line}\n`)
  } catch {
    // Nobody reads any more.
  }
}

// Node keeps what a full pipe does not take until the running code is over, so a loop that prints would fill the
// memory of the machine and show nothing. Now it waits for its reader.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true)

let aheadMs = Number(process.env.LAB_CLOCK_AHEAD_SECONDS ?? 0) * 1000
/** From when the app listens: a time that it has read before is past by then. */
const listeningAheadMs = aheadMs + Number(process.env.LAB_CLOCK_LEAP_SECONDS ?? 0) * 1000
const frozenAt = Date.parse(process.env.LAB_CLOCK_FROZEN_AT ?? '')
delete process.env.LAB_CLOCK_AHEAD_SECONDS
delete process.env.LAB_CLOCK_LEAP_SECONDS
delete process.env.LAB_CLOCK_FROZEN_AT
if (aheadMs !== 0 || listeningAheadMs !== 0 || !Number.isNaN(frozenAt)) {
  const RealDate = Date
  const now = Number.isNaN(frozenAt) ? () => RealDate.now() + aheadMs : () => frozenAt
  // biome-ignore lint/suspicious/noShadowRestrictedNames: the name shows in messages, so it stays.
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(now())
      else super(...args)
    }
    static now() {
      return now()
    }
  }
}
