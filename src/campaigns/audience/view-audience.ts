import { listImports } from '#src/companies/queries-detail.ts'
import { listGroups } from '#src/companies/queries-groups.ts'
import type { Db } from '#src/db/open.ts'
import type { Audience, RecipientRules } from './audience.ts'
import { readAudienceFilter, type AudienceFilter } from './audience-filter.ts'
import { objectives, type Objective } from './objectives.ts'
import { listSegments } from './queries-segments.ts'
import { readSuggestions, type Suggestions } from './queries-suggestions.ts'
import type { AudienceForm } from './read-audience.ts'
import { recipientRoles, type RecipientRole } from './standings.ts'

const KEPT_MS = 60_000

export type AudienceOptions = Suggestions & {
  segments: { id: number; name: string }[]
  groups: { id: number; name: string }[]
  imports: { id: number; fileName: string }[]
  objectives: readonly Objective[]
  roles: readonly RecipientRole[]
}

/** What the fields of an audience show (templates/campaign-audience/audience-fields.tsx). */
export type AudienceView = {
  audience: Audience
  filter: AudienceFilter
  rules: RecipientRules
  problems: AudienceForm['problems']
  options: AudienceOptions
}

const kept = new WeakMap<Db, { at: number; suggestions: Promise<Suggestions> }>()

/** The fields of an audience with what can be chosen in them. */
export const viewAudience = async (
  db: Db,
  { audience, rules, problems }: AudienceForm,
): Promise<AudienceView> => ({
  audience,
  filter: readAudienceFilter(new URLSearchParams(audience.filter)),
  rules,
  problems,
  options: {
    ...(await suggestionsOf(db)),
    segments: await listSegments(db),
    groups: await listGroups(db),
    imports: await listImports(db),
    objectives,
    roles: recipientRoles,
  },
})

// Reading whole columns for every page would cost more than the page.
const suggestionsOf = (db: Db): Promise<Suggestions> => {
  const known = kept.get(db)
  if (known && performance.now() - known.at < KEPT_MS) return known.suggestions
  const suggestions = readSuggestions(db)
  kept.set(db, { at: performance.now(), suggestions })
  suggestions.catch(() => kept.delete(db))
  return suggestions
}
