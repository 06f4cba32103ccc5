import { expect, test } from 'bun:test'
import { personOf } from '#src/public-api/endpoints/contacts/contact-shape.ts'
import { boxAround, distanceKm } from '#src/public-api/endpoints/companies/globe.ts'
import { phoneSpellings } from '#src/public-api/endpoints/contacts/phone-spellings.ts'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'
import { givenCompany, givenFact } from './given-company.ts'

const { sql } = await testDatabase()
const { ask } = apiApp(sql)
const { text: token } = await givenToken(sql)
const get = async (path: string): Promise<any> => (await ask(path, { token })).json()
const byPhone = (phone: string) => get(`/entreprises/by-phone?${new URLSearchParams({ phone })}`)
const byEmail = (email: string) => get(`/entreprises/by-email?${new URLSearchParams({ email })}`)

test('a French number is one number in all its spellings', async () => {
  const id = await givenCompany(sql, { phone: '03 87 41 42 43', phone_e164: '+33387414243' })
  const spellings = [
    '0387414243',
    '03.87.41.42.43',
    '33387414243',
    '+33387414243',
    '0033387414243',
    '+33 (0)3 87 41 42 43',
    '+33 0387414243',
    '387414243',
    ' 03-87-41-42-43 ',
    '(+33) 3 87 41 42 43',
  ]
  for (const phone of spellings) {
    const { data } = await byPhone(phone)
    expect([phone, data?.entreprise.id, data?.match.source]).toEqual([phone, id, 'principal'])
  }
  for (const phone of ['0387414244', '+387414243', '00387414243', '+49387414243', '0487414243'])
    expect([phone, (await byPhone(phone)).success]).toEqual([phone, false])
})

test('a number found on a site goes before a main number, and rejected or foreign ones count for nobody', async () => {
  const main = await givenCompany(sql, { phone: '0387515253', phone_e164: '+33387515253' })
  const agency = await givenCompany(sql)
  await givenFact(sql, agency, { kind: 'phone', value: '+33387515253', data: { raw: 'a', kind: 'agency' } })
  const rejected = await givenCompany(sql)
  await givenFact(sql, rejected, { kind: 'phone', value: '+33387515253', verdict: 'rejected' })
  expect((await byPhone('0387515253')).data.entreprise.id).toBe(main)
  const found = await givenCompany(sql)
  await givenFact(sql, found, {
    kind: 'phone',
    value: '+33387515253',
    data: { raw: '03 87 51 52 53', type: 'fixed' },
  })
  expect((await byPhone('03 87 51 52 53')).data).toMatchObject({
    entreprise: { id: found },
    match: { source: 'scraper', phone: '03 87 51 52 53' },
  })
})

test('a number that is none in E.164 is found digit by digit, and a foreign one by its own', async () => {
  const short = await givenCompany(sql, { phone: '39-49 poste 12' })
  expect((await byPhone('394912')).data.entreprise.id).toBe(short)
  const german = await givenCompany(sql, { phone: '030 901820', phone_e164: '+4930901820' })
  for (const phone of ['+49 30 901820', '004930901820', '4930901820', '030/901820'])
    expect([phone, (await byPhone(phone)).data?.entreprise.id]).toEqual([phone, german])
  expect(phoneSpellings('12')).toBeNull()
  expect(phoneSpellings('1'.repeat(40))).toBeNull()
})

test('an address is found whatever its case: as a person corrected it, before main ones', async () => {
  const main = await givenCompany(sql, { email: 'Info@Mixte.example' })
  expect((await byEmail('INFO@mixte.EXAMPLE')).data).toMatchObject({
    entreprise: { id: main },
    match: { source: 'principal', email: 'Info@Mixte.example', is_person: false },
  })
  const found = await givenCompany(sql)
  await givenFact(sql, found, {
    kind: 'email',
    value: 'inf@mixte.example',
    data: { kind: 'role' },
    correction: { value: 'info@mixte.example' },
  })
  expect((await byEmail('info@MIXTE.example')).data).toMatchObject({
    entreprise: { id: found },
    match: { source: 'scraper' },
  })
  expect((await byEmail('inf@mixte.example')).success).toBe(false)
  expect((await byEmail('%@mixte.example')).success).toBe(false)
})

test('addresses of agencies and third parties, and rejected ones, are listed nowhere', async () => {
  const id = await givenCompany(sql)
  for (const [value, data, verdict] of [
    ['a@tiers.example', { kind: 'agency' }, undefined],
    ['b@tiers.example', { kind: 'thirdparty' }, undefined],
    ['c@tiers.example', { kind: 'role' }, 'rejected'],
    ['d@tiers.example', { kind: 'role' }, undefined],
  ] as const)
    await givenFact(sql, id, { kind: 'email', value, data, ...(verdict && { verdict }) })
  const only = [{ email: 'd@tiers.example' }]
  for (const path of [
    `/entreprises/${id}/emails`,
    `/entreprises/${id}/emails/all`,
    `/emails?entreprise_id=${id}`,
  ])
    expect(await get(path)).toMatchObject({ count: 1, data: only })
})

test('the list of all addresses goes on by cursor and leaves out companies in the bin', async () => {
  const id = await givenCompany(sql)
  for (let n = 0; n < 9; n++)
    await givenFact(sql, id, { kind: 'email', value: `n${n}@suite.example`, data: { kind: 'role' } })
  const gone = await givenCompany(sql, { deleted_at: new Date().toISOString() })
  await givenFact(sql, gone, { kind: 'email', value: 'x@parti.example', data: { kind: 'role' } })
  const met: string[] = []
  let cursor = ''
  do {
    const page = await get(`/emails?limit=2&cursor=${cursor}`)
    met.push(...page.data.map(({ email }: { email: string }) => email))
    cursor = page.next_cursor ?? ''
  } while (cursor !== '')
  expect(met.length).toBe(new Set(met).size)
  expect(met.filter((email) => email.endsWith('@suite.example'))).toEqual(
    Array.from({ length: 9 }, (_, n) => `n${8 - n}@suite.example`),
  )
  expect(met).not.toContain('x@parti.example')
})

test('the main contact may be left out', async () => {
  const id = await givenCompany(sql, {
    email: 'moi@principal.example',
    phone: '0387616263',
    phone_e164: '+33387616263',
  })
  for (const path of ['emails/all', 'phones'])
    for (const [flag, count] of [
      ['1', 1],
      ['0', 0],
      ['false', 0],
    ])
      expect((await get(`/entreprises/${id}/${path}?include_primary=${flag}`)).count).toBe(count)
})

test('names are told in parts', () => {
  expect(personOf('Claire Dupont')).toEqual({
    full_name: 'Claire Dupont',
    first_name: 'Claire',
    last_name: 'Dupont',
  })
  expect(personOf('DE LA TOUR Jean-Marc')).toMatchObject({ first_name: 'Jean-Marc', last_name: 'DE LA TOUR' })
  expect(personOf('Madonna')).toMatchObject({ first_name: 'Madonna', last_name: null })
  expect(personOf(' ')).toBeNull()
})

test('a box holds everything within its radius, at the poles and across the date line', () => {
  const places = [
    [48.8, 2.3],
    [89.9, 10],
    [-89.95, -120],
    [0, 179.9],
    [60, -179.95],
    [0, 0],
  ] as const
  for (const [latitude, longitude] of places)
    for (const radius of [0.2, 10, 100]) {
      const box = boxAround({ latitude, longitude }, radius)
      for (let angle = 0; angle < 360; angle += 5) {
        const point = away({ latitude, longitude }, radius * 0.9999, angle)
        expect(distanceKm({ latitude, longitude }, point)).toBeLessThan(radius)
        const inLongitude =
          box.west <= box.east
            ? point.longitude >= box.west && point.longitude <= box.east
            : point.longitude >= box.west || point.longitude <= box.east
        expect([
          latitude,
          longitude,
          radius,
          angle,
          inLongitude,
          point.latitude >= box.south && point.latitude <= box.north,
        ]).toEqual([latitude, longitude, radius, angle, true, true])
      }
    }
})

const away = (
  { latitude, longitude }: { latitude: number; longitude: number },
  km: number,
  angle: number,
) => {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [d, turn, from] = [km / 6371.0088, radians(angle), radians(latitude)]
  const to = Math.asin(Math.sin(from) * Math.cos(d) + Math.cos(from) * Math.sin(d) * Math.cos(turn))
  const along = Math.atan2(
    Math.sin(turn) * Math.sin(d) * Math.cos(from),
    Math.cos(d) - Math.sin(from) * Math.sin(to),
  )
  const degrees = longitude + (along * 180) / Math.PI
  return { latitude: (to * 180) / Math.PI, longitude: ((degrees + 540) % 360) - 180 }
}

test('companies on the other side of the date line are near', async () => {
  const id = await givenCompany(sql, { latitude: -16.5, longitude: -179.99, sector: 'Copra' })
  const { data } = await get('/entreprises/proches?latitude=-16.5&longitude=179.99&secteur=Copra')
  expect(data).toMatchObject([{ id }])
  expect(data[0].distance_km).toBeCloseTo(2.132, 2)
})

test('the nearest are told first, however many there are and however far one looks', async () => {
  await sql`INSERT INTO companies (name, sector, latitude, longitude)
    SELECT 'V ' || n, 'Voisin', 45 + n * 0.001, 5 FROM generate_series(1, 60) AS n`
  for (const [radius, limit, count] of [
    [100, 10, 10],
    [5, 60, 44],
    [100, 250, 60],
  ]) {
    const body = await get(
      `/entreprises/proches?latitude=45&longitude=5&rayon_km=${radius}&limit=${limit}&secteur=Voisin`,
    )
    const names = body.data.map(({ nom }: { nom: string }) => nom)
    expect(names).toEqual(Array.from({ length: count! }, (_, n) => `V ${n + 1}`))
  }
})
