import freeMail from './free-mail.data.json'

const freeLabels = new Set(freeMail.anyEnding.split(' '))
const freeDomains = new Set(freeMail.domains.split(' '))

/** True for an address, or the domain of one, at a provider of free mailboxes. */
export const isFreeMail = (email: string): boolean => {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const labels = domain.split('.')
  const isShort = labels.length === 2 || (labels.length === 3 && labels[1] === 'co')
  return freeDomains.has(domain) || (isShort && freeLabels.has(labels[0] ?? ''))
}
