import { beforeEach, expect, test } from 'bun:test'
import { moveStatus, type MailTrigger } from '#src/companies/move-status.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
beforeEach(async () => {
  await sql`TRUNCATE companies, score_requests RESTART IDENTITY CASCADE`
})

const company = async (status: string, more: Record<string, unknown> = {}): Promise<number> => {
  const [row] =
    await sql`INSERT INTO companies ${sql({ name: 'Garage', status, ...more } as never)} RETURNING id`
  return row!['id'] as number
}
const read = async (id: number) => (await sql`SELECT status, tags FROM companies WHERE id = ${id}`)[0]!

const TABLE: [MailTrigger, string, string, string[]][] = [
  ['sent', 'Nouveau', 'À qualifier', ['email_envoye']],
  ['sent', 'Relance', 'Relance', ['email_envoye']],
  ['send_failed', 'Nouveau', 'Nouveau', ['email_echec_envoi']],
  ['opened', 'Nouveau', 'À qualifier', ['email_ouvert']],
  ['opened', 'Gagné', 'Gagné', ['email_ouvert']],
  ['clicked', 'À rappeler', 'Relance', ['email_clique']],
  ['clicked', 'Perdu', 'Perdu', ['email_clique']],
  ['replied', 'À qualifier', 'À rappeler', ['email_repondu']],
  ['replied', 'Gagné', 'Gagné', ['email_repondu']],
  ['bounced', 'Relance', 'Bounce', ['bounce', 'email_invalide']],
  ['bounced', 'Ne pas contacter', 'Ne pas contacter', ['bounce', 'email_invalide']],
  ['unsubscribed', 'Gagné', 'Désabonné', []],
  ['unsubscribed', 'Plainte spam', 'Plainte spam', []],
  ['complained', 'Désabonné', 'Plainte spam', []],
]

test.each(TABLE)('%s: from %s to %s', async (trigger, from, to, tags) => {
  const id = await company(from)
  expect(await moveStatus(db, { companyIds: [id], trigger })).toEqual(from === to ? [] : [id])
  expect(await read(id)).toEqual({ status: to, tags })
})

test('a move is noted in the history and scored again, once', async () => {
  const id = await company('Nouveau')
  await moveStatus(db, { companyIds: [id, id], trigger: 'sent' })
  await moveStatus(db, { companyIds: [id], trigger: 'sent' })
  const changes = await sql`SELECT detail FROM company_changes WHERE company_id = ${id}`
  expect(changes.map(({ detail }) => detail)).toEqual([
    { status: ['Nouveau', 'À qualifier'], because: 'sent' },
  ])
  expect(await sql`SELECT company_id FROM score_requests`).toHaveLength(1)
  expect((await read(id))['tags']).toEqual(['email_envoye'])
})

test('a merged company moves the one it went into, a deleted one stays', async () => {
  const kept = await company('Nouveau')
  const merged = await company('Nouveau', { merged_into_id: kept, deleted_at: '2026-11-01' })
  const deleted = await company('Nouveau', { deleted_at: '2026-11-01' })
  expect(await moveStatus(db, { companyIds: [merged, deleted], trigger: 'sent' })).toEqual([kept])
  expect((await read(deleted))['status']).toBe('Nouveau')
})
