import type { PersonFact } from '../site-record.ts'
import type { PersonName } from './names.ts'
import { oneLine, type PageView } from './page-view.ts'

/** One person as a fact of a page. */
export function person(
  view: PageView,
  name: PersonName,
  method: string,
  confidence: number,
  snippet: string,
  details: {
    role?: string | null
    roleKind?: string | null
    email?: string | null
    phone?: string | null
    linkedin?: string | null
  },
): PersonFact {
  return {
    name: name.name,
    role: details.role ?? null,
    roleKind: details.roleKind ?? null,
    email: details.email ?? null,
    phone: details.phone ?? null,
    linkedin: details.linkedin ?? null,
    pageUrl: view.url,
    method,
    snippet: oneLine(snippet),
    confidence: Math.round(confidence * 100) / 100,
  }
}
