import { expect, test } from 'bun:test'
import { page } from '#tests/support/site-record.ts'
import { failureCode } from '#src/crawl/refusals.ts'
import { stateOfFailure, stateOfPages } from '#src/scoring/site-state.ts'

test('a refusal says nothing about a site, an error of its own does', () => {
  expect(stateOfPages([page({ status: 403 })]).state).toBe('unread')
  expect(stateOfPages([page({ status: 503 })]).state).toBe('unread')
  expect(stateOfPages([page({ status: 500 })]).state).toBe('unreachable')
  expect(stateOfPages([page({ contentType: 'application/pdf' })]).state).toBe('unread')
  expect(stateOfPages([page({ status: 404 }), page({ url: 'https://a.fr/fr', depth: 1 })]).state).toBe('read')
  expect(stateOfPages([]).state).toBe('unreachable')
  expect(stateOfFailure('timeout', '').state).toBe('unreachable')
  expect(stateOfFailure('robots', '').state).toBe('unread')
})

test('a home page that turns the visit away is not one that is down', () => {
  const stateOf = (status: number) =>
    stateOfFailure(failureCode({ code: 'unreachable', status }), `The site answers with status ${status}.`)
  for (const status of [401, 403, 429, 451, 503])
    expect([status, stateOf(status).state]).toEqual([status, 'unread'])
  for (const status of [404, 410, 500, 502, 520])
    expect([status, stateOf(status).state]).toEqual([status, 'unreachable'])
  expect(failureCode({ code: 'unreachable', status: 403 })).toBe('refused')
  expect(failureCode({ code: 'unreachable', status: 429 })).toBe('busy')
  expect(failureCode({ code: 'dns' })).toBe('dns')
})
