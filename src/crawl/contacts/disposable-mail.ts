import { disposableEmailBlocklist } from 'disposable-email-domains-js'

// Made once, when first asked: the library makes its own for every question, which takes half a millisecond.
let domains: Set<string> | undefined

/** Whether mailboxes of this domain (lower case) are made to be thrown away. */
export const isDisposableDomain = (domain: string): boolean =>
  (domains ??= new Set(disposableEmailBlocklist())).has(domain)
