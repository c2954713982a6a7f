// A visitor's cookie jar: keeps, sends and drops cookies as a browser does.
import { Cookie, CookieJar } from 'tough-cookie'

/** A browser ignores a cookie whose name and value together are larger (RFC 6265bis, section 5.7). */
export const COOKIE_MAX_BYTES = 4096

/** One Set-Cookie header, taken apart. */
export interface SetCookie {
  header: string
  name: string
  value: string
  httpOnly: boolean
  secure: boolean
  /** Lower case, or null when the attribute is missing. */
  sameSite: string | null
  path: string | null
  domain: string | null
  /** Seconds, or null. */
  maxAge: number | null
  expires: Date | null
  /** Name and value together. */
  bytes: number
}

/** @returns undefined for a header that no browser would read as a cookie */
export function parseSetCookie(header: string): SetCookie | undefined {
  const cookie = Cookie.parse(header)
  if (!cookie) return undefined
  return {
    header,
    name: cookie.key,
    value: cookie.value,
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: cookie.sameSite?.toLowerCase() ?? null,
    path: cookie.path,
    domain: cookie.domain,
    maxAge: typeof cookie.maxAge === 'number' ? cookie.maxAge : null,
    expires: cookie.expires instanceof Date ? cookie.expires : null,
    bytes: Buffer.byteLength(cookie.key) + Buffer.byteLength(cookie.value),
  }
}

/** Cookies ignore ports, so one address serves every instance of an app. */
const ADDRESS = 'http://localhost/'

export class Jar {
  #jar = new CookieJar()

  /** Takes in the Set-Cookie headers of a reply to `path`. */
  receive(headers: string[], path: string): void {
    for (const header of headers) {
      const parsed = parseSetCookie(header)
      if (parsed && parsed.bytes <= COOKIE_MAX_BYTES) {
        this.#jar.setCookieSync(header, new URL(path, ADDRESS).href, { ignoreError: true })
      }
    }
  }

  /** The Cookie header for a request to `path`, or null when there is nothing to send. */
  headerFor(path: string): string | null {
    return this.#jar.getCookieStringSync(new URL(path, ADDRESS).href) || null
  }

  /** What is in the jar, as `name=value`, whatever its path. */
  list(): string[] {
    return this.#cookies().map((cookie) => cookie.cookieString())
  }

  /** The value of the cookie with this name, if there is one. */
  get(name: string): string | undefined {
    return this.#cookies().find((cookie) => cookie.key === name)?.value
  }

  /** Puts a cookie in by hand, as somebody can in the browser's developer tools. */
  put(name: string, value: string): void {
    this.#jar.setCookieSync(`${name}=${value}; Path=/`, ADDRESS, { ignoreError: true, loose: true })
  }

  /** What is left when the browser is closed: only cookies with an age. */
  closeBrowser(): void {
    const jar = new CookieJar()
    for (const cookie of this.#cookies()) {
      if (cookie.isPersistent()) jar.setCookieSync(cookie, ADDRESS, { ignoreError: true })
    }
    this.#jar = jar
  }

  /** The library keeps a cookie that was set with an end in the past; a browser does not. */
  #cookies(): Cookie[] {
    const stored = this.#jar.serializeSync()?.cookies ?? []
    return stored
      .map((one) => Cookie.fromJSON(one))
      .filter((cookie) => cookie !== undefined)
      .filter((cookie) => (cookie.expiryTime() ?? Infinity) > Date.now())
  }
}
