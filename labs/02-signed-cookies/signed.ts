// Text that the browser keeps for the server: everybody can read it, only the server can write it.

/** The secrets that the server knows, newest first. */
export type Secrets = [string, ...string[]]

export interface Verified {
  text: string
  /** When it was signed, in whole seconds since 1970. */
  issued: number
  /** Whether an older secret signed it, so that it has to be signed again. */
  stale: boolean
}

/**
 * The text as a cookie value `<payload>.<issued>.<signature>`, signed with the newest secret.
 * payload is the text in base64url (RFC 4648, section 5), which has no character that a cookie cannot carry.
 * signature is the HMAC-SHA-256 (RFC 2104) of `<payload>.<issued>` in base64url; from step 5 on, of `<name>.<payload>.<issued>`.
 * @param name the cookie's name: the value is good under no other
 * @param nowSeconds whole seconds since 1970
 */
export function sign(name: string, text: string, secrets: Secrets, nowSeconds: number): string {
  // TODO(1): make the value.
  // TODO(5): let the signature cover the cookie's name as well.
  return ''
}

/**
 * What `sign` was given, if one of the secrets signed this value under this name.
 * Undefined for every other text, and for a value that was signed more than `maxAgeSeconds` ago. Never throws.
 */
export function verify(
  name: string,
  value: string,
  secrets: Secrets,
  nowSeconds: number,
  maxAgeSeconds: number,
): Verified | undefined {
  // TODO(2): give the text back if the signature is right. What the later steps ask for stands before that.
  // TODO(4): refuse what is no such value at all, without an error and in constant time.
  // TODO(5): ask for a signature that covers the cookie's name as well.
  // TODO(6): refuse a value that is too old.
  // TODO(7): accept the older secrets too, and tell when it was one of them.
  return undefined
}
