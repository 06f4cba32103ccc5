import { beforeAll, describe, expect, test } from 'bun:test'
import { openDatabase, type Sql } from '#src/db/open.ts'
import { SCOPES } from '#src/public-api/endpoint.ts'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'
import { CASES } from './cases-all.ts'

const { db, sql: owner, url, beforeClose } = await testDatabase()
const role = `${new URL(url).pathname.slice(1)}_edge`
let edge: Sql

beforeAll(async () => {
  await owner.unsafe(`CREATE ROLE ${role} LOGIN`)
  await owner`SELECT grant_edge_role()`
  const address = new URL(url)
  address.username = role
  const opened = openDatabase({ url: address.href })
  edge = opened.sql
  beforeClose(async () => {
    await opened.close()
    await owner.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  })
})

const { ask } = apiApp(owner, { sql: () => edge })

describe('the edge’s own role, which reads views and calls functions only, answers', () => {
  for (const given of CASES)
    test(`${given.endpoint} ${given.status}: ${given.name}`, async () => {
      const token = await givenToken(owner, { scopes: given.scopes ?? SCOPES })
      const world = { db, sql: owner, tokenId: token.id }
      await given.arrange?.(world)
      const { path, json, headers } =
        typeof given.request === 'function' ? await given.request(world) : given.request
      const [method = 'get'] = given.endpoint.split(' ')
      const call = { method: method.toUpperCase(), token: token.text, ...(headers && { headers }) }
      const answer = await ask(path, json === undefined ? call : { ...call, json })
      const body = await answer.json()
      expect([answer.status, answer.status === given.status ? '' : body]).toEqual([given.status, ''])
      given.expect?.(body)
    })
})
