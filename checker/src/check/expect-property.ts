// Properties of stores as expectations of a check.
import type { Property } from '../conformance/finding.ts'
import type { StoreUnderTest } from '../conformance/store-under-test.ts'
import { fail } from './failure.ts'

/** The submission's store has these properties. */
export async function expectProperties(store: StoreUnderTest, ...properties: Property[]): Promise<void> {
  for (const property of properties) {
    store.forget?.()
    const finding = await property.find(store)
    if (finding.holds === false) fail(finding)
  }
}
