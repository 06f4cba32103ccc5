import { expect } from 'bun:test'
import { STATUS_ROUTES } from '#src/public-api/endpoints/companies/statuses.ts'
import type { ContractCase } from './contract-case.ts'
import { givenCompany, givenFact } from './given-company.ts'

const NOBODY = 2_147_483_646
const unknown = (endpoint: string, path: string, json?: unknown): ContractCase => ({
  endpoint,
  name: 'a company that is not there is not found',
  status: 404,
  request: { path, ...(json === undefined ? {} : { json }) },
})

const statusCases = (['patch', 'post'] as const).flatMap((method): ContractCase[] => [
  {
    endpoint: `${method} /entreprises/:id/statut`,
    name: 'the company has the status and a line more in its notes',
    status: 200,
    request: async ({ sql }) => ({
      path: `/entreprises/${await givenCompany(sql, { notes: 'Avant' })}/statut`,
      json: { statut: 'Gagné', note: 'Signé mardi' },
    }),
    expect: ({ data }) => expect(data).toMatchObject({ statut: 'Gagné', notes: 'Avant\nSigné mardi' }),
  },
  {
    endpoint: `${method} /entreprises/:id/statut`,
    name: 'another status is refused, and those allowed are told',
    status: 400,
    request: async ({ sql }) => ({
      path: `/entreprises/${await givenCompany(sql)}/statut`,
      json: { statut: 'Peut-être' },
    }),
    expect: ({ allowed }) => expect(allowed).toContain('À rappeler'),
  },
  unknown(`${method} /entreprises/:id/statut`, `/entreprises/${NOBODY}/statut`, { statut: 'Gagné' }),
])

const shortcutCases = STATUS_ROUTES.flatMap(({ path, statut }): ContractCase[] => [
  {
    endpoint: `post /entreprises/:id/${path}`,
    name: `the company is ${statut}`,
    status: 200,
    request: async ({ sql }) => ({ path: `/entreprises/${await givenCompany(sql)}/${path}` }),
    expect: ({ data }) => expect(data.statut).toBe(statut),
  },
  unknown(`post /entreprises/:id/${path}`, `/entreprises/${NOBODY}/${path}`),
])

export const companyCases: ContractCase[] = [
  {
    endpoint: 'get /entreprises/statuses',
    name: 'all statuses, sorted without regard to case',
    status: 200,
    request: { path: '/entreprises/statuses' },
    expect: ({ data }) => {
      expect(data).toHaveLength(12)
      expect(data.slice(0, 3)).toEqual(['Bounce', 'Désabonné', 'Gagné'])
    },
  },
  {
    endpoint: 'get /entreprises',
    name: 'companies of a sector with their total',
    status: 200,
    arrange: async ({ sql }) => {
      await givenCompany(sql, { sector: 'Fleuriste rare' })
      await givenCompany(sql, { category: 'Fleuriste rare' })
    },
    request: { path: '/entreprises?secteur=Fleuriste+rare&limit=1' },
    expect: (body) => {
      expect(body).toMatchObject({ count: 1, limit: 1, offset: 0, total: 2 })
      expect(body.next_cursor).toBeString()
    },
  },
  {
    endpoint: 'get /entreprises',
    name: 'a cursor that no list gave out is refused',
    status: 400,
    request: { path: '/entreprises?cursor=moi' },
  },
  {
    endpoint: 'get /entreprises/by-website',
    name: 'however its address is written',
    status: 200,
    arrange: async ({ sql }) =>
      void (await givenCompany(sql, {
        name: 'Le Site',
        website: 'https://le-site.example',
        site_key: 'le-site.example',
      })),
    request: { path: '/entreprises/by-website?website=HTTP://www.Le-Site.example/contact' },
    expect: ({ data }) => expect(data.nom).toBe('Le Site'),
  },
  {
    endpoint: 'get /entreprises/by-website',
    name: 'a website is asked for',
    status: 400,
    request: { path: '/entreprises/by-website' },
  },
  unknown('get /entreprises/by-website', '/entreprises/by-website?website=personne.example'),
  {
    endpoint: 'get /entreprises/:id',
    name: 'with every key the existing product has',
    status: 200,
    request: async ({ sql }) => ({
      path: `/entreprises/${await givenCompany(sql, { score_level: 'high' })}`,
    }),
    expect: ({ data }) =>
      expect(data).toMatchObject({ nom: 'Garage Léger', opportunite: 'Élevée', tags: [] }),
  },
  unknown('get /entreprises/:id', `/entreprises/${NOBODY}`),
  {
    endpoint: 'get /entreprises/:id/gallery',
    name: 'pictures of the site',
    status: 200,
    request: async ({ sql }) => {
      const id = await givenCompany(sql)
      await givenFact(sql, id, { kind: 'image', value: 'https://x.example/a.jpg', data: { alt: 'Atelier' } })
      await givenFact(sql, id, { kind: 'open_graph', value: 'og:image=https://x.example/b.jpg?c=d' })
      return { path: `/entreprises/${id}/gallery` }
    },
    expect: ({ data }) => {
      expect(data.count).toBe(2)
      expect(data.images).toMatchObject([
        { url: 'https://x.example/b.jpg?c=d', source: 'open_graph', alt_text: null },
        { url: 'https://x.example/a.jpg', source: 'site', alt_text: 'Atelier' },
      ])
    },
  },
  unknown('get /entreprises/:id/gallery', `/entreprises/${NOBODY}/gallery`),
  {
    endpoint: 'get /entreprises/:id/screenshots',
    name: 'none is taken yet',
    status: 200,
    request: async ({ sql }) => ({ path: `/entreprises/${await givenCompany(sql)}/screenshots?limit=5` }),
    expect: (body) => expect(body).toMatchObject({ latest: null, count: 0, data: [] }),
  },
  unknown('get /entreprises/:id/screenshots', `/entreprises/${NOBODY}/screenshots`),
  ...statusCases,
  ...shortcutCases,
  {
    endpoint: 'delete /entreprises/:id',
    name: 'the company is gone',
    status: 200,
    request: async ({ sql }) => ({ path: `/entreprises/${await givenCompany(sql)}` }),
    expect: ({ deleted_id }) => expect(deleted_id).toBeNumber(),
  },
  unknown('delete /entreprises/:id', `/entreprises/${NOBODY}`),
]
