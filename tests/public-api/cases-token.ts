import { expect } from 'bun:test'
import type { ContractCase } from './contract-case.ts'

export const tokenCases: ContractCase[] = [
  {
    endpoint: 'get /token/info',
    name: 'a token with one right is told that it has this one',
    status: 200,
    scopes: ['companies:read'],
    request: { path: '/token/info' },
    expect: ({ data }) => {
      expect(data.permissions).toEqual({
        entreprises: true,
        entreprises_write: false,
        entreprises_delete: false,
        emails: false,
        statistics: false,
        campagnes: false,
        audits: false,
      })
      expect(data.token_preview).toMatch(/^pl_[\w-]{7}…$/)
    },
  },
]
