import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'

const { sql } = await testDatabase()
const { ask } = apiApp(sql)
const EXPO = 'ExpoPushToken[abcDEF-123_456]'

test('a phone is registered and forgotten by the token that named it, as JSON only', async () => {
  const [mine, other] = [await givenToken(sql, { scopes: [] }), await givenToken(sql)]
  const json = { expo_push_token: ` ${EXPO} `, platform: 'ios', installation_id: null }
  const put = await ask('/push/register', { token: mine.text, json })
  expect([put.status, await put.json()]).toEqual([200, { success: true, message: expect.any(String) }])
  expect([...(await sql`SELECT token_id, expo_token, platform FROM push_devices`)]).toEqual([
    { token_id: mine.id, expo_token: EXPO, platform: 'ios' },
  ])
  const remove = async (token: string) => {
    const answer = await ask('/push/register', { method: 'DELETE', token, json: { expo_push_token: EXPO } })
    return [answer.status, ((await answer.json()) as { removed: boolean }).removed]
  }
  expect([await remove(other.text), await remove(mine.text), await remove(mine.text)]).toEqual([
    [200, false],
    [200, true],
    [200, false],
  ])
  for (const body of [new URLSearchParams({ expo_push_token: EXPO }), 'pas du JSON', '[]', ''])
    expect((await ask('/push/register', { method: 'POST', token: mine.text, body })).status).toBe(400)
})

test('only Android and iOS have Expo tokens', async () => {
  const { text } = await givenToken(sql)
  const json = { expo_push_token: EXPO, platform: 'windows' }
  const answer = await ask('/push/register', { token: text, json })
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { success: false, error: expect.stringContaining('platform') },
  ])
})
