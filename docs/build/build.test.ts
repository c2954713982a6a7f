import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ProjectCopy } from './testing/project.ts'

const CHAPTER = 'labs/01-cookie-sessions/README.md'
const INSTRUCTORS = 'instructors/01-cookie-sessions/index.html'

describe('a build', () => {
  const project = new ProjectCopy()
  afterAll(() => project.remove())

  let output = ''
  beforeAll(async () => {
    ;({ output } = await project.build())
  })

  test('says how many pages it made, and in what time', () => {
    expect(output).toMatch(/^\d+ pages in \d+\.\d\d s: docs\/dist\/index\.html$/m)
  })

  test('has a page for every lab, for students and for instructors', () => {
    for (const lab of readdirSync(path.join(project.root, 'labs')).filter((name) => /^\d\d-/.test(name))) {
      expect(existsSync(path.join(project.outFolder, 'labs', lab, 'index.html'))).toBe(true)
      expect(existsSync(path.join(project.outFolder, 'instructors', lab, 'index.html'))).toBe(true)
    }
  })

  test('shows the name of a check as it is, also when it looks like markdown', () => {
    expect(project.built('instructors/03-session-table/index.html')).toContain(
      '&quot;__proto__&quot; can be liked',
    )
  })

  test('loads nothing from elsewhere', () => {
    for (const file of filesIn(project.outFolder)) {
      const text = readFileSync(file, 'utf8')
      expect(text).not.toMatch(/(?:src|action|data|poster)="(?:https?:)?\/\//)
      expect(text).not.toMatch(/<link[^>]+href="(?:https?:)?\/\//)
      if (file.endsWith('.css')) expect(text).not.toMatch(/url\(|@import/)
    }
  })

  test('links each step to its checks, with points and hidden hints', () => {
    const chapter = project.built('labs/01-cookie-sessions/index.html')
    expect(chapter).toContain('<a href="#check-counts"><code>counts</code></a>')
    expect(chapter).toMatch(
      /<li class="check" id="check-counts">[\s\S]*?2 points[\s\S]*?<details class="hint">/,
    )
  })

  test('links a term of the glossary once in a chapter', () => {
    const chapter = project.built('labs/04-login-logout/index.html')
    expect(chapter.match(/href="..\/..\/glossary\/index.html#hmac"|#fixation"/g)).toHaveLength(1)
  })

  test('follows its sources: a new mistake, a changed point', async () => {
    expect(project.built(INSTRUCTORS)).not.toContain('The cart is painted green.')
    project.replace(
      'checker/mistakes/01-cookie-sessions.ts',
      'export const mistakes: Mistake[] = [',
      "export const mistakes: Mistake[] = [\n  { id: 'green', says: 'The cart is painted green.', fails: 'counts', file: 'cart.ts', change: [] },",
    )
    project.replace('checker/checks/01-cookie-sessions.ts', 'points: 3', 'points: 7')
    const before = Number(/(\d+) points/.exec(project.built(INSTRUCTORS))?.[1])
    expect((await project.build()).exitCode).toBe(0)
    expect(project.built(INSTRUCTORS)).toContain('The cart is painted green.')
    expect(project.built(INSTRUCTORS)).toContain(`${before + 4} points`)
    expect(project.built('index.html')).toContain(`${before + 4} points`)
  })

  test('leaves the instructor part out for students', async () => {
    expect((await project.build('--student')).exitCode).toBe(0)
    expect(existsSync(path.join(project.outFolder, 'instructors'))).toBe(false)
    for (const file of filesIn(project.outFolder)) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/instructors\/|For instructors/)
    }
  })

  test('shows instructors what a student reads for each mistake', async () => {
    const golden = path.join(project.root, 'checker', 'mistakes', 'golden')
    mkdirSync(golden, { recursive: true })
    writeFileSync(path.join(golden, '01-cookie-sessions.txt'), '=== green\n\nThe cart should be <red>.\n')
    expect((await project.build()).exitCode).toBe(0)
    expect(project.built(INSTRUCTORS)).toContain('The cart should be &lt;red&gt;.')
  })
})

describe('a build with faults', () => {
  const project = new ProjectCopy()
  afterAll(() => project.remove())

  test('names each with file and line, and writes nothing', async () => {
    project.append(
      CHAPTER,
      `
[nowhere](nowhere.md) and [no place](#no-place) and [no lab](../09-nothing/README.md)

![A picture](nothing.png)

![](../../docs/images/failing-check.png)

[run](javascript:alert(1))

#### Skipped

\`npx lab-check 9\`
`,
    )
    project.replace('checker/src/app/triage.ts', "'silent',", "'asleep',")
    project.replace('docs/standards.yaml', '    set-cookie:', '    sets-cookie:')
    const { exitCode, output } = await project.build()
    expect(exitCode).toBe(1)
    const at = (text: string) => `${CHAPTER}:${project.lineOf(CHAPTER, text)}: `
    expect(output).toContain(`${at('[nowhere]')}The link "nowhere.md" leads to a file that is not there.`)
    expect(output).toContain(
      `${at('[no place]')}The page "labs/01-cookie-sessions/index.html" has no place "#no-place".`,
    )
    expect(output).toContain(
      `${at('[no lab]')}The link "../09-nothing/README.md" leads to a lab "09-nothing" that is not there.`,
    )
    expect(output).toContain(`${at('![A picture]')}The image "nothing.png" is not there.`)
    expect(output).toContain(`${at('![](')}The image "../../docs/images/failing-check.png" has no text`)
    expect(output).toContain(`${at('[run]')}A link begins with "javascript:".`)
    expect(output).toContain(
      `${at('#### Skipped')}A heading of level 4 follows one of level 2: a level is skipped.`,
    )
    expect(output).toContain(
      `${at('`npx lab-check 9`')}The command "npx lab-check 9" names a lab that is not there.`,
    )
    expect(output).toMatch(/checker\/src\/app\/triage\.ts:\d+: The trouble "asleep" has no section/)
    expect(output).toMatch(/docs\/pages\/when\.md:\d+: The checker has no trouble "silent"\./)
    expect(output).toMatch(/docs\/standards\.yaml:\d+: Lab 1 has no check "sets-cookie"\./)
    expect(existsSync(project.outFolder)).toBe(false)
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => /\.(?:html|css)$/.test(file))
}
