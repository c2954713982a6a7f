import { rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeWorkbook, type Workbook } from '../testing/workbook.ts'

let workbook: Workbook
/** The module as it is compiled into the copy, so that its root is the copy, whatever is in the checkout. */
let labs: typeof import('./lab.ts')
beforeAll(async () => {
  workbook = makeWorkbook()
  workbook.write('labs/12-twelve/README.md', 'No heading of a lab.\n')
  workbook.write('labs/12-twelve/server.ts', '')
  workbook.write('labs/notes.txt', 'not a lab')
  labs = await import(pathToFileURL(workbook.path('checker', 'dist', 'src', 'lab', 'lab.js')).href)
})

describe('a lab', () => {
  test('is a folder labs/NN-name, and all else about it follows from that', () => {
    expect(labs.findLab('1')).toEqual({
      number: 1,
      id: '01-cookie-sessions',
      title: 'Cookie sessions',
      instances: 1,
      redis: false,
      checkEnvironment: {},
      workFolder: workbook.path('labs', '01-cookie-sessions'),
      solutionFolder: workbook.path('solutions', '01-cookie-sessions'),
      chapter: workbook.path('labs', '01-cookie-sessions', 'README.md'),
      port: 3001,
    })
  })

  test('says in the front matter of its chapter what else it needs', () => {
    workbook.write(
      'labs/13-front/README.md',
      '---\ntitle: Front matter\ninstances: 2\nredis: true\nchecked-with: COST=4 QUICK=a=b\n---\n\n# Lab 13: The heading\n',
    )
    expect(labs.findLab('13')).toMatchObject({
      title: 'Front matter',
      instances: 2,
      redis: true,
      checkEnvironment: { COST: '4', QUICK: 'a=b' },
    })
    workbook.write('labs/13-front/README.md', '---\nredis = true\n---\n')
    expect(() => labs.findLab('13')).toThrow(
      'The front matter of labs/13-front/README.md has a line that is not "key: value": ',
    )
    rmSync(workbook.path('labs', '13-front'), { recursive: true })
  })

  test('has the name of its folder for a title where the chapter says none', () => {
    expect(labs.findLab('12')).toMatchObject({ number: 12, title: '12-twelve', port: 3012 })
  })

  test.each(['1', '01', '01-cookie-sessions', 'labs/01-cookie-sessions', 'labs/01-cookie-sessions/'])(
    'is found by "%s"',
    (name) => expect(labs.findLab(name).number).toBe(1),
  )

  test.each(['99', '', 'kit', 'cookie', '1e0', '0x1', '-1'])('is not found by "%s"', (name) => {
    expect(() => labs.findLab(name)).toThrow(
      `There is no lab "${name}". The labs are:\n  1  Cookie sessions\n  12  12-twelve`,
    )
  })

  test('has no work to start where its folder has no server.ts', () => {
    expect(labs.entryOf(workbook.work)).toBe(path.join(workbook.work, 'server.ts'))
    expect(() => labs.entryOf(workbook.path('labs'))).toThrow('labs has no server.ts')
  })
})

test('labs come in the order of their numbers, and nothing else in the folder is one', () => {
  expect(labs.listLabs().map((lab) => lab.number)).toEqual([1, 12])
})

test('without a folder of labs, the commands say so in a sentence', async () => {
  const bare = makeWorkbook()
  rmSync(bare.path('labs'), { recursive: true })
  for (const [program, args] of [
    ['lab', ['1']],
    ['lab-check', ['1']],
    ['lab-check', ['diff', '1', '--spoil']],
  ] as const) {
    const { status, stderr } = await bare.run(program, [...args])
    expect(stderr).toMatch(/^There is no folder .*labs\. Get the whole project again/)
    expect(stderr).not.toContain('at ')
    expect(status).toBe(3)
  }
})

describe('a path as it is shown', () => {
  test('is relative to the workbook, with forward slashes', () => {
    expect(labs.shownPath(path.join(workbook.work, 'cart.ts'))).toBe('labs/01-cookie-sessions/cart.ts')
  })

  test('is whole outside of it', () => {
    const outside = path.join(path.dirname(workbook.root), 'elsewhere', 'server.ts')
    expect(labs.shownPath(outside)).toBe(outside.replaceAll(path.sep, '/'))
  })
})
