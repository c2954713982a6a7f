// Curl commands for an API whose answers bring the token of the next request: a shell variable keeps each one.
import type { Exchange } from '../http/exchange.ts'

/** Prints the token of an answer. Node is there wherever a lab runs. */
const TAKE_TOKEN = `node -p "JSON.parse(require('fs').readFileSync(0)).token"`

/**
 * The commands, at most `stepsMax`, that lead to the last exchange, when it sends a token that an answer before it has brought.
 * @param command the command for an exchange with this body, which is quoted for a shell
 * @returns undefined when it sends no such token; no command when the way there is too long, or no shell takes it
 */
export function tokenCommands(
  exchanges: Exchange[],
  stepsMax: number,
  command: (exchange: Exchange, body?: string) => string,
): string[] | undefined {
  const last = exchanges.at(-1)
  const chain = last ? chainTo(last, exchanges) : []
  if (chain.length <= 1) return undefined
  const steps = exchanges.length <= stepsMax ? exchanges : chain
  if (steps.length > stepsMax || steps.some(({ request }) => request.body?.includes('!'))) return []
  const variables = new Map<string, string>()
  return steps.map((one) => {
    const token = tokenIn(one.request.body)
    const variable = token === undefined ? undefined : variables.get(token)
    const text = command(one, variable && withVariable(one.request.body ?? '', token ?? '', variable))
    const brought = one === last ? undefined : tokenIn(one.reply?.body)
    if (brought === undefined) return text
    // An app may answer with the same token again.
    const name = variables.get(brought) ?? `T${variables.size + 1}`
    variables.set(brought, name)
    return `${name}=$(${text} | ${TAKE_TOKEN})`
  })
}

/** The exchange, and before it those whose answers brought the token that the next one sends. */
function chainTo(exchange: Exchange, exchanges: Exchange[]): Exchange[] {
  const token = tokenIn(exchange.request.body)
  const before = exchanges.slice(0, exchanges.indexOf(exchange))
  const giver = token && before.findLast(({ reply }) => tokenIn(reply?.body) === token)
  return [...(giver ? chainTo(giver, before) : []), exchange]
}

/** The field `token` of a JSON object, if it is a text. */
function tokenIn(text: string | null | undefined): string | undefined {
  try {
    const { token } = JSON.parse(text ?? '')
    return typeof token === 'string' ? token : undefined
  } catch {
    return undefined
  }
}

/** In double quotes, where a shell puts in the variable, and takes nothing else for its own. */
function withVariable(body: string, token: string, variable: string): string {
  const quoted = body.replace(/[\\"$`]/g, '\\$&')
  return `"${quoted.replace(token, () => `$${variable}`)}"`
}
