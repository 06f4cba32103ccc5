import { expect } from 'bun:test'
import type { ContractCase } from './contract-case.ts'
import { givenCompany } from './given-company.ts'

export const numberCases: ContractCase[] = [
  {
    endpoint: 'get /statistics',
    name: 'the dashboard with every key of the existing product',
    status: 200,
    arrange: async ({ sql }) =>
      void (await givenCompany(sql, {
        status: 'Gagné',
        stage: 'RDV',
        tags: ['vip'],
        country: 'France',
        score: 77,
      })),
    request: { path: '/statistics' },
    expect: ({ data }) => {
      expect(data.total_entreprises).toBeGreaterThan(0)
      expect(data.par_statut['Gagné']).toBeGreaterThan(0)
      expect(data.rdv).toBeGreaterThan(0)
      expect(data.recent_gagnes.length).toBeGreaterThan(0)
    },
  },
  {
    endpoint: 'get /statistics/overview',
    name: 'every day is told, at most 90 of them',
    status: 200,
    request: { path: '/statistics/overview?days=1000' },
    expect: ({ data }) => expect(data.trend_entreprises).toHaveLength(90),
  },
  {
    endpoint: 'get /reference/ciblage',
    name: 'values in use',
    status: 200,
    arrange: async ({ sql }) =>
      void (await givenCompany(sql, { sector: 'Toiture', tags: ['ciblé'], score_level: 'very-high' })),
    request: { path: '/reference/ciblage' },
    expect: ({ data }) => {
      expect(data.secteurs).toContain('Toiture')
      expect(data.tags).toContain('ciblé')
      expect(data.opportunites).toContain('Très élevée')
      expect(data.statuts).toContain('Nouveau')
    },
  },
  {
    endpoint: 'get /reference/ciblage/counts',
    name: 'values in use with how many have them',
    status: 200,
    arrange: async ({ sql }) => void (await givenCompany(sql, { sector: 'Vitrerie' })),
    request: { path: '/reference/ciblage/counts' },
    expect: ({ data }) => expect(data.secteurs).toContainEqual({ value: 'Vitrerie', count: 1 }),
  },
  {
    endpoint: 'get /reference/carte-villes',
    name: 'towns with those around them, the radius moved into its range',
    status: 200,
    arrange: async ({ sql }) => {
      await givenCompany(sql, { city: 'Metz', postal_code: '57000', latitude: 49.12, longitude: 6.18 })
      await givenCompany(sql, { city: 'Woippy', postal_code: '57140', latitude: 49.15, longitude: 6.15 })
      await givenCompany(sql, { city: 'Lyon', postal_code: '69003', latitude: 45.76, longitude: 4.84 })
    },
    request: { path: '/reference/carte-villes?rayon_km=1' },
    expect: (body) => {
      expect(body.rayon_km).toBe(5)
      expect(body.data.find(({ ville }: { ville: string }) => ville === 'Metz')).toMatchObject({
        count: 1,
        count_rayon: 2,
      })
    },
  },
  {
    endpoint: 'get /entreprises/proches',
    name: 'companies around a place, nearest first',
    status: 200,
    arrange: async ({ sql }) => {
      await givenCompany(sql, { name: 'Loin', latitude: -33.9, longitude: 18.43 })
      await givenCompany(sql, { name: 'Près', latitude: -33.91, longitude: 18.42 })
    },
    request: { path: '/entreprises/proches?latitude=-33.92&longitude=18.42&radius_km=5' },
    expect: (body) => {
      expect(body).toMatchObject({ count: 2, rayon_km: 5, limit: 80, secteur: null })
      expect(body.data.map(({ nom }: { nom: string }) => nom)).toEqual(['Près', 'Loin'])
      expect(body.data[0].distance_km).toBeCloseTo(1.112, 2)
    },
  },
  {
    endpoint: 'get /entreprises/proches',
    name: 'a place is asked for',
    status: 400,
    request: { path: '/entreprises/proches?latitude=91&longitude=0' },
  },
]
