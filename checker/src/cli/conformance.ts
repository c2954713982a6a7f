// npm run conformance: measures what real session stores do, and writes docs/pages/stores.md.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import colors from 'picocolors'
import { measureStores } from '../conformance/measure-stores.ts'
import { notes } from '../conformance/notes.ts'
import { conformancePage, expectNotesMatch } from '../conformance/page.ts'
import { properties } from '../conformance/properties.ts'
import { realStores, versionOf } from '../conformance/real-stores.ts'
import { UsageError } from '../lab/errors.ts'
import { root, shownPath } from '../lab/lab.ts'
import { runProgram } from './program.ts'

const PAGE = path.join(root, 'docs', 'pages', 'stores.md')

process.on('SIGINT', () => process.exit(130))

const program = new Command('conformance')
  .description('Measures what real session stores do, and writes docs/pages/stores.md.')
  .argument('[store...]', 'only these; then nothing is written')
  .action(async (names: string[]) => {
    for (const name of names) {
      if (!realStores.some((one) => one.name === name)) throw new UsageError(`There is no store "${name}".`)
    }
    const stores = realStores.filter(({ name }) => names.length === 0 || names.includes(name))
    const findings = await measureStores(stores, properties, (store, { id }, finding) => {
      const sign = finding.holds === undefined ? '–' : finding.holds ? colors.green('✓') : colors.red('✗')
      console.log(`${sign} ${store.name}: ${id}`)
      if (finding.holds === false) console.log(`    ${finding.expected}\n    ${finding.got}`)
    })
    if (names.length > 0) return
    const measured = stores.map((store) => ({
      ...store,
      version: versionOf(store),
      findings: findings.get(store.name) ?? new Map(),
    }))
    expectNotesMatch(measured, notes)
    writeFileSync(PAGE, conformancePage(measured, properties, notes))
    console.log(`\nWritten: ${shownPath(PAGE)}`)
  })

await runProgram(program)
