import providers from './providers.data.json'

/** A service that sends mails of its customers' domains, as its documentation tells them to set up their domain. */
export type SendingProvider = {
  name: string
  /** What SPF includes: the first is asked for, the others are known too. */
  includes: string[]
  mx: string[]
  /** Under which its DKIM keys usually stand. */
  selectors: string[]
  /** It sends with a return address of its own: SPF is asked there, and DKIM alone can be aligned. */
  ownReturnPath: boolean
}

type Entry = Omit<SendingProvider, 'ownReturnPath'> & { hosts: string[]; ownReturnPath?: boolean }

/** Whose mail server it is; null for one's own and for those not known. */
export const sendingProvider = (host: string, domain: string): SendingProvider | null => {
  const name = host.toLowerCase().replace(/\.$/, '')
  const found = (providers as Entry[]).find(({ hosts }) =>
    hosts.some((one) => (one.startsWith('.') ? name.endsWith(one) : name === one)),
  )
  if (!found) return null
  const { includes, mx, selectors, ownReturnPath = false } = found
  const dashed = domain.replaceAll('.', '-')
  return {
    name: found.name,
    includes,
    mx: mx.map((one) => one.replace('DASHED', dashed)),
    selectors,
    ownReturnPath,
  }
}
