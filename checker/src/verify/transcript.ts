// The terminal sessions that a chapter shows: finds them, runs their commands, and compares what comes out.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** One command of a chapter and the output printed below it. */
export interface Command {
  /** Line of the chapter, counted from 1. */
  line: number
  command: string
  output: string
}

/**
 * The commands in a chapter's ```console blocks: `$ ` begins a command, a `\` at its end continues it,
 * and what follows up to the next `$ ` is its output.
 */
export function findCommands(chapter: string): Command[] {
  const commands: Command[] = []
  let inside = false
  let continues = false
  for (const [index, line] of chapter.split('\n').entries()) {
    const last = commands.at(-1)
    if (!inside) inside = line.startsWith('```console')
    else if (line.startsWith('```')) inside = false
    else if (continues && last) {
      last.command += `\n${line}`
      continues = line.endsWith('\\')
    } else if (line.startsWith('$ ')) {
      commands.push({ line: index + 1, command: line.slice(2), output: '' })
      continues = line.endsWith('\\')
    } else if (last) last.output += `${line}\n`
  }
  return commands
}

/**
 * Runs one command in a shell.
 * @param ports the ports that the chapter writes, and those that are really there
 */
export async function runCommand(
  command: string,
  folder: string,
  ports: Map<number, number>,
): Promise<string> {
  const real = withPorts(command, [...ports])
  // What a program says to the terminal only (curl's progress) goes to stderr, and only when nobody watches.
  const { stdout } = await run('bash', ['-c', real], { cwd: folder, timeout: 20_000 }).catch((error) => error)
  const shown = [...ports].map(([shownPort, port]): [number, number] => [port, shownPort])
  const output = withPorts(String(stdout ?? '').replaceAll('\r\n', '\n'), shown)
  return output === '' || output.endsWith('\n') ? output : `${output}\n`
}

function withPorts(text: string, ports: [from: number, to: number][]): string {
  const to = new Map(ports)
  return text.replace(/localhost:(\d+)/g, (whole, port) => {
    const other = to.get(Number(port))
    return other === undefined ? whole : `localhost:${other}`
  })
}

/** Two outputs are the same when they differ only in what no run repeats: the Date header and random uuids. */
export function sameOutput(left: string, right: string): boolean {
  return comparable(left) === comparable(right)
}

function comparable(output: string): string {
  return output
    .replace(/^(< )?Date: .+$/gm, '$1Date: …')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, '(uuid)')
    .trimEnd()
}

/** The chapter with the outputs of its commands replaced, in their order; one that is still true stays to the letter. */
export function withOutputs(chapter: string, commands: Command[], outputs: string[]): string {
  const lines = chapter.split('\n')
  for (const [index, { line, command, output }] of [...commands.entries()].reverse()) {
    const next = outputs[index] ?? ''
    if (sameOutput(output, next)) continue
    const first = line - 1 + command.split('\n').length
    const shown = output === '' ? 0 : output.trimEnd().split('\n').length
    lines.splice(first, shown, ...(next === '' ? [] : next.trimEnd().split('\n')))
  }
  return lines.join('\n')
}
