import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

/** An account with limits to some providers, paused by hand. Returns its id. */
export const useLimits = async (person: Person): Promise<number> => {
  const { text } = await person.get('/settings/mail')
  const id = Number(/href="\/settings\/mail\/(\d+)"/.exec(text)?.[1])
  const path = `/settings/mail/${id}/limits`
  await person.get(path)
  await person.post(path, { provider: '*', hour: '20' })
  await person.post(path, { provider: 'google', minute: '3', hour: '30', day: '200' })
  const long = 'entreprise-de-menuiserie-et-de-charpente-de-la-vallee-de-la-moselle.example.fr'
  await person.post(path, { provider: long, day: '2' })
  await person.post(`${path}/pause`)
  await person.post(`${path}/resume`)
  await person.post(`${path}/pause`)
  return id
}
