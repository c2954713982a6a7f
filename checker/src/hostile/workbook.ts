// The copy of the workbook in which hostile submissions are judged, so that they find nobody's work there.
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { root } from '../lab/lab.ts'

const COPIED = ['labs', 'solutions', 'checker', 'package.json', 'tsconfig.json']

/** @param folder a new folder */
export function copyWorkbook(folder: string): void {
  for (const name of COPIED) {
    const filter = (file: string) => !/[\\/](?:node_modules|\.data|checker[\\/]src)$/.test(file)
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true, filter })
  }
  const packages = path.join(folder, 'node_modules')
  mkdirSync(packages)
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name.startsWith('.') || name === 'lab-check') continue
    symlinkSync(path.join(root, 'node_modules', name), path.join(packages, name), 'junction')
  }
}
