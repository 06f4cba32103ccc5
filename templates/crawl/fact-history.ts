import { catalogue, type Locale } from '#src/lib/i18n.ts'
import { emailKindText } from '#templates/companies/messages.ts'
import { readableFact } from '#templates/companies/readable.ts'
import { visible } from '#templates/html.ts'
import { contactMessages, doneText, roleKindText } from './contact-messages.ts'
import { phoneTypeText } from './messages.ts'

const MAX_SHOWN = 200

const historyMessages = catalogue({
  fr: {
    value: 'valeur',
    kind: 'genre',
    type: 'type',
    role: 'fonction',
    roleKind: 'genre de fonction',
    person: 'appartient à',
    empty: '(vide)',
  },
  en: {
    value: 'value',
    kind: 'kind',
    type: 'type',
    role: 'role',
    roleKind: 'kind of role',
    person: 'belongs to',
    empty: '(empty)',
  },
})

/** What a person decided about a fact, a line for what it was and one for each field that changed (`detail` of a
 *  change of kind `fact`). */
export const factChangeLines = (locale: Locale, detail: Record<string, unknown>): string[] => {
  const t = historyMessages(locale)
  const fact = String(detail['fact'] ?? '')
  // Older entries name the verdict instead.
  const verdict = detail['verdict'] === 'none' ? 'undone' : detail['verdict']
  const action = String(detail['action'] ?? verdict ?? '')
  const show = (field: string, value: unknown): string => {
    if (typeof value !== 'string' || value === '') return t.empty
    const text = visible(value).slice(0, MAX_SHOWN).toWellFormed()
    if (field === 'kind') return fact === 'phone' ? phoneTypeText(locale, text) : emailKindText(locale, text)
    if (field === 'type') return phoneTypeText(locale, text)
    if (field === 'roleKind') return roleKindText(locale, text)
    return field === 'value' ? readableFact(locale, fact, text) : text
  }
  const changes = Object.entries((detail['changes'] ?? {}) as Record<string, unknown>).filter(
    (entry): entry is [keyof ReturnType<typeof historyMessages>, unknown[]] =>
      Object.hasOwn(t, entry[0]) && Array.isArray(entry[1]),
  )
  return [
    doneText(locale, action, show('value', detail['value'])),
    ...changes.map(([field, [before, after]]) =>
      contactMessages(locale).of(t[field], `${show(field, before)} → ${show(field, after)}`),
    ),
  ]
}
