// Measures each property of each store.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { compile } from '../app/compile.ts'
import { openRun, type RunFolder } from '../app/run-folder.ts'
import { findLab } from '../lab/lab.ts'
import { openRedis } from '../redis/open-redis.ts'
import type { Finding, Property } from './finding.ts'
import { folderStore } from './folder-store.ts'
import { Processes } from './processes.ts'
import { moduleOf, type RealStore } from './real-stores.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** A FileStore with a folder of its own is damaged and broken from outside; the others do it themselves. */
const OWN_FOLDER = ['FileStore', 'session-file-store']

/** Store name, then property id. */
export type Findings = Map<string, Map<string, Finding>>

/** @param tell called as each is known */
export async function measureStores(
  stores: RealStore[],
  properties: Property[],
  tell: (store: RealStore, property: Property, finding: Finding) => void,
): Promise<Findings> {
  const run = openRun()
  const findings: Findings = new Map()
  try {
    for (const store of stores) {
      const found = new Map<string, Finding>()
      findings.set(store.name, found)
      await withStore(run, store, async (underTest) => {
        for (const property of properties) {
          const finding = await property.find(underTest)
          found.set(property.id, finding)
          tell(store, property, finding)
        }
      })
    }
    return findings
  } finally {
    await run.close()
  }
}

async function withStore(
  run: RunFolder,
  store: RealStore,
  body: (store: StoreUnderTest) => Promise<void>,
): Promise<void> {
  const redis = store.needsRedis ? await openRedis(run) : undefined
  const dataFolder = run.folder(store.name)
  const env: Record<string, string> = redis ? { REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix } : {}
  const processes = new Processes({ run, cwd: dataFolder, dataFolder, env })
  const places = path.join(dataFolder, 'places')
  mkdirSync(places)
  let ids = 0
  try {
    await body(
      harmedFromOutsideOrInside(
        store,
        folderStore({
          processes,
          module: () => moduleFor(run, store),
          folder: places,
          newId: () => `session-${++ids}-of-${store.name}`,
          lacks: store.lacks,
          isShared: !store.isInMemory,
        }),
      ),
    )
  } finally {
    await processes.close()
    await redis?.close()
  }
}

async function moduleFor(run: RunFolder, store: RealStore): Promise<string> {
  if (store.file) return moduleOf(store)
  const { solutionFolder } = findLab('6')
  return (await compile(solutionFolder, run.path, path.join(solutionFolder, 'file-store.ts'))).bundle
}

function harmedFromOutsideOrInside(store: RealStore, underTest: StoreUnderTest): StoreUnderTest {
  if (OWN_FOLDER.includes(store.name)) return underTest
  return {
    ...underTest,
    damage: (open, id) => open.harm('damage', id),
    breakDown: store.lacks.damaged === undefined ? (open) => open.harm('breakDown') : undefined,
  }
}
