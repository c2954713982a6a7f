// What a session of this app carries: values by their names. Given: nothing to do here.
import { Refusal } from '#kit/app.ts'

const NAME_MAX_CHARACTERS = 40
const VALUE_MAX_CHARACTERS = 1000

/**
 * Begins the property of each value, as in `value:color`. A session has properties of its own, like `cookie` and `save`;
 * with a prefix, a value may have those names. It also keeps the order: a property "2" would stand before all others.
 */
const PREFIX = 'value:'

export interface Value {
  name: string
  value: string
}

/** The values in the session, in the order in which they were added. */
export function listValues(session: object): Value[] {
  return Object.entries(session)
    .filter(([property]) => property.startsWith(PREFIX))
    .map(([property, value]) => ({ name: property.slice(PREFIX.length), value: String(value) }))
}

/** Adds a value. One that has the same name is replaced, and keeps its place. */
export function putValue(session: object, { name, value }: Value): void {
  Object.assign(session, { [`${PREFIX}${name}`]: value })
}

/** Takes a value out. Nothing happens when there is none with this name. */
export function deleteValue(session: object, name: string): void {
  Reflect.deleteProperty(session, `${PREFIX}${name}`)
}

/**
 * A value with its name, as somebody typed them.
 * @throws Refusal 400 when the name is empty, too long or has other characters, or the value is too long
 */
export function parseValue(name: string, value: string): Value {
  if (!/^[A-Za-z0-9_-]+$/.test(name) || name.length > NAME_MAX_CHARACTERS) {
    throw new Refusal(400, `A name has 1 to ${NAME_MAX_CHARACTERS} of these characters: A-Z a-z 0-9 _ -`)
  }
  if ([...value].length > VALUE_MAX_CHARACTERS) {
    throw new Refusal(400, `That is too long: a value can have ${VALUE_MAX_CHARACTERS} characters.`)
  }
  return { name, value }
}
