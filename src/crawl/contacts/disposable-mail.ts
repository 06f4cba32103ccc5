// Loaded and made once, when first asked: the library makes its own for every question, which takes half a millisecond.
let domains: Set<string> | undefined

const readDomains = (): Set<string> => {
  const { disposableEmailBlocklist } =
    require('disposable-email-domains-js') as typeof import('disposable-email-domains-js')
  return new Set(disposableEmailBlocklist())
}

/** Whether mailboxes of this domain (lower case) are made to be thrown away. */
export const isDisposableDomain = (domain: string): boolean => (domains ??= readDomains()).has(domain)
