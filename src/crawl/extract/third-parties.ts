import { entities } from 'third-party-web/nostats-subset'

/** Categories of third-party-web (MIT) as ours; those of content, social plug-ins and plain hosting say little of how
 *  a site is made. */
const CATEGORIES: Record<string, string> = {
  ad: 'advertising',
  analytics: 'analytics',
  'tag-manager': 'tag-manager',
  video: 'video',
  'customer-success': 'chat',
  marketing: 'marketing',
  'consent-provider': 'consent',
}

type Entity = { name: string; category: string }
const EXACT = new Map<string, Entity>()
const PARENT = new Map<string, Entity>()
for (const { name, categories, domains } of entities) {
  const category = CATEGORIES[categories[0] ?? '']
  if (!category) continue
  for (const domain of domains) {
    if (domain.startsWith('*.')) PARENT.set(domain.slice(2), { name, category })
    else EXACT.set(domain, { name, category })
  }
}

/** The third party that a host belongs to by the list of third-party-web, or null. */
export function thirdPartyOf(host: string): Entity | null {
  const exact = EXACT.get(host)
  if (exact) return exact
  for (let rest = host; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
    const found = PARENT.get(rest)
    if (found) return found
  }
  return null
}
