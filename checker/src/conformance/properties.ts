// All properties, in the order of the table in docs/pages/stores.md.
import type { Property } from './finding.ts'
import * as callbacks from './properties/callbacks.ts'
import * as ending from './properties/ending.ts'
import * as files from './properties/files.ts'
import * as ids from './properties/ids.ts'
import * as sameTime from './properties/same-time.ts'
import * as storing from './properties/storing.ts'
import * as time from './properties/time.ts'
import * as wholeWrites from './properties/whole-writes.ts'

export const properties: Property[] = [
  storing.roundTrip,
  storing.ownCopy,
  storing.json,
  storing.cookie,
  storing.unknownId,
  ids.oddIds,
  callbacks.once,
  callbacks.onceOnError,
  callbacks.optional,
  callbacks.throwing,
  ending.destroy,
  ending.all,
  ending.length,
  ending.clear,
  files.foreignFiles,
  files.damaged,
  wholeWrites.diskFull,
  wholeWrites.neverHalf,
  wholeWrites.crash,
  time.idle,
  time.noLimit,
  time.cookieEnd,
  time.touchIdle,
  time.touchCookie,
  time.touchKeeps,
  time.removed,
  sameTime.shared,
  sameTime.lastWins,
  sameTime.changedMeanwhile,
  sameTime.lateTouch,
  sameTime.bothKept,
  sameTime.deletedStays,
  sameTime.touchAtOnce,
  sameTime.lateSet,
  sameTime.sharedBothKept,
  sameTime.sharedLateSet,
]
