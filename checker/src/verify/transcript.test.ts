import { describe, expect, test } from 'vitest'
import { makeFolder } from '../testing/workbook.ts'
import { findCommands, runCommand, sameOutput, withOutputs } from './transcript.ts'

const CHAPTER = `# Lab

\`\`\`sh
$ not this one
\`\`\`

\`\`\`console
$ echo one
one
$ echo two \\
  and more
two and more

$ silent
\`\`\`

Text with $ in it.

\`\`\`console
$ echo three
\`\`\`
`

describe('the commands of a chapter', () => {
  test('stand in its console blocks, each with its line and what is shown below it', () => {
    expect(findCommands(CHAPTER)).toEqual([
      { line: 8, command: 'echo one', output: 'one\n' },
      { line: 10, command: 'echo two \\\n  and more', output: 'two and more\n\n' },
      { line: 14, command: 'silent', output: '' },
      { line: 20, command: 'echo three', output: '' },
    ])
  })

  test('are none where there is no console block', () => {
    expect(findCommands('# Lab\n\n$ echo\n')).toEqual([])
  })
})

describe.runIf(process.platform !== 'win32')('running a command', () => {
  const run = (command: string) =>
    runCommand(
      command,
      makeFolder(),
      new Map([
        [3001, 41873],
        [3011, 41874],
      ]),
    )

  test('gives what it prints, with an end of line and without carriage returns', async () => {
    expect(await run(`printf 'a\\r\\nb'`)).toBe('a\nb\n')
    expect(await run('true')).toBe('')
  })

  test('gives what it printed before it failed, and leaves out what goes to stderr', async () => {
    expect(await run('echo out; echo err >&2; exit 3')).toBe('out\n')
  })

  test('asks the app that really runs, and shows the port that the chapter writes', async () => {
    // What is printed without the name of the host stays as it is.
    expect(await run('echo http://localhost:3001/x | tee copy; sed s/.*:// copy')).toBe(
      'http://localhost:3001/x\n41873/x\n',
    )
    expect(await run('echo localhost:3011 localhost:30011 | tee copy; sed s/localhost//g copy')).toBe(
      'localhost:3011 localhost:30011\n:41874 :30011\n',
    )
  })
})

describe('two outputs are the same', () => {
  test('when only the date and random ids differ', () => {
    const output = (date: string, id: string) => `HTTP/1.1 303\nDate: ${date}\nLocation: /orders/${id}\n`
    expect(
      sameOutput(
        output('Fri, 20 Nov 2026 12:00:00 GMT', 'cdd5bd5a-2799-4b90-888f-dc5c9b9ef5f9'),
        output('Sat, 21 Nov 2026 12:00:00 GMT', '0a3d8c52-6b0c-4d8e-9a77-3f9d4f1f2b11'),
      ),
    ).toBe(true)
    expect(sameOutput('< Date: a\n\n', '< Date: b\n')).toBe(true)
  })

  test('not when anything else differs', () => {
    expect(sameOutput('Total: $1\n', 'Total: $2\n')).toBe(false)
    expect(sameOutput('Expires: a\n', 'Expires: b\n')).toBe(false)
    expect(sameOutput('a\n', '')).toBe(false)
  })
})

describe('writing the outputs into a chapter', () => {
  const commands = findCommands(CHAPTER)

  test('puts each below its command, and leaves everything else as it was', () => {
    const written = withOutputs(CHAPTER, commands, ['ONE\n', 'TWO\nAND MORE\n', 'noise\n', '3\n'])
    expect(findCommands(written).map((one) => one.output.trimEnd())).toEqual([
      'ONE',
      'TWO\nAND MORE',
      'noise',
      '3',
    ])
    const rest = (text: string) => text.replace(/\$ echo one[\s\S]*?```|\$ echo three[\s\S]*?```/g, '')
    expect(rest(written)).toBe(rest(CHAPTER))
  })

  test('takes away what a command no longer prints', () => {
    const written = withOutputs(CHAPTER, commands, ['', 'two and more\n', '', ''])
    expect(written).toContain('$ echo one\n$ echo two')
  })

  test('changes nothing, to the letter, where all is still true', () => {
    const dated = '```console\n$ date\nDate: yesterday\n```\n'
    expect(withOutputs(dated, findCommands(dated), ['Date: today\n'])).toBe(dated)
    expect(withOutputs(CHAPTER, commands, ['one\n', 'two and more\n', '', ''])).toBe(CHAPTER)
  })
})
