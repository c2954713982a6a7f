// Reads variables of the environment that have to be one of a few words, or a number. Given: nothing to do here.

/**
 * The variable `name`, or the fallback when it is not set or empty.
 * @throws Error when it is none of the choices
 */
export function choice<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const given = process.env[name] || fallback
  const chosen = choices.find((one) => one === given)
  if (chosen !== undefined) return chosen
  throw new Error(`${name} is "${given}". It can be: ${choices.join(' or ')}.`)
}

/**
 * The same for a number.
 * @throws Error when it is no whole number from 1
 */
export function positiveNumber(name: string, fallback: number): number {
  const given = process.env[name] || String(fallback)
  const value = Number(given)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new Error(`${name} is "${given}", which is not a whole number from 1.`)
}
