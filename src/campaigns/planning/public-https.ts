import { isPublicAddress } from '#src/lib/address-vetting.ts'

const LOCAL_NAME = /(^|\.)(localhost|local|lan|home|internal|intranet|home\.arpa|test|invalid|example)$/

/** What is wrong with an address as the one recipients follow: missing, not https, or of a network of one's own. Null
 *  when nothing is. */
export const publicHttps = (baseUrl: string | undefined): 'missing' | 'not_https' | 'not_public' | null => {
  if (!baseUrl || !URL.canParse(baseUrl)) return 'missing'
  const { protocol, hostname } = new URL(baseUrl)
  if (protocol !== 'https:') return 'not_https'
  const host = hostname.replace(/^\[|\]$/g, '')
  const isAddress = host.includes(':') || /^[\d.]+$/.test(host)
  if (isAddress) return isPublicAddress(host) ? null : 'not_public'
  return !host.includes('.') || LOCAL_NAME.test(host) ? 'not_public' : null
}
