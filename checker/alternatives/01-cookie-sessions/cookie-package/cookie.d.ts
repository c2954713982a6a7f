// What this app uses of the package "cookie", whose version here comes without types.
declare module 'cookie' {
  interface Attributes {
    httpOnly?: boolean
    sameSite?: 'lax' | 'strict'
    path?: string
    /** Seconds. */
    maxAge?: number
  }
  export function parse(header: string): Record<string, string | undefined>
  export function serialize(name: string, value: string, attributes: Attributes): string
}
