import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

/** Facts whose forms are worth a look. */
export type Decided = { correct: number; merge: number; address: number }

/** Decides on the contacts of a company as people do: adds, merges, corrects, confirms and rejects. */
export const decideOnContacts = async (person: Person, companyId: number): Promise<Decided> => {
  const contacts = `/companies/${companyId}/contacts`
  const facts = `/companies/${companyId}/facts`
  const idsOf = async (mode: 'correct' | 'merge') => {
    const { text } = await person.get(contacts)
    return [...text.matchAll(new RegExp(`contacts\\?${mode}=(\\d+)#`, 'g'))].map(([, id]) => Number(id))
  }
  for (const value of ['Zoé Vidal-Lefèvre de la Tour', 'Z. Vidal', 'Marc Nguyen'])
    await person.post(facts, { add: 'person', value, role: 'Responsable des achats', roleKind: 'manager' })
  await person.post(facts, { add: 'phone', value: '06 11 22 33 44', person: 'z. vidal' })
  await person.post(facts, { add: 'email', value: 'z.vidal@example.fr', kind: 'person', person: 'z. vidal' })
  const [first = 0, second = 0, third = 0] = (await idsOf('merge')).toSorted((a, b) => b - a)
  await person.post(`${facts}/${second}/merge`, { other: String(third), keep: 'other' })
  const people = new Set(await idsOf('merge'))
  const written = (await idsOf('correct')).filter((id) => !people.has(id)).toSorted((a, b) => a - b)
  const [correct = 0, address = 0, rejected = 0] = written
  await person.post(`${facts}/${correct}/correct`, { value: 'accueil@example.fr', kind: 'role', person: '' })
  await person.post(`${facts}/${first}`, { verdict: 'confirmed' })
  await person.post(`${facts}/${rejected}`, { verdict: 'rejected' })
  return { correct, merge: first, address }
}
