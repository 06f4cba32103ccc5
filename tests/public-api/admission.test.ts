import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'

const { sql } = await testDatabase()

test('a token is taken from the header, the query or a form', async () => {
  const { ask } = apiApp(sql)
  const { text } = await givenToken(sql)
  expect((await ask('/token/info', { token: text })).status).toBe(200)
  expect((await ask(`/token/info?api_token=${text}`)).status).toBe(200)
})

test('without a token, and with one nobody has, the answer is that of the existing product', async () => {
  const { ask } = apiApp(sql)
  for (const token of [null, 'pl_00000000000000000000000000000000', 'short']) {
    const answer = await ask('/token/info', { token })
    expect(answer.status).toBe(401)
    expect(Object.keys((await answer.json()) as object).sort()).toEqual(['error', 'message'])
  }
})
