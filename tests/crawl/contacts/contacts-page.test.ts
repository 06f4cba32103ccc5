import { expect, test } from 'bun:test'
import type { Belonging } from '#src/crawl/contacts/belongs-to-company.ts'
import { crawls, facts } from '#src/crawl/schema.ts'
import { insertCompanies } from '#tests/companies/insert-companies.ts'
import { companiesApp } from '#tests/companies/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'

const database = await testDatabase()
const { db } = database
const pages = { fr: await companiesApp(database), en: await companiesApp(database, 'en') }

const EVIL = '<script>alert(1)</script>'
const crawled = async (belongs: Belonging): Promise<string> => {
  const website = 'https://www.maison-klein.fr/'
  const [id] = await insertCompanies(db, [{ name: 'Maison Klein', website, siteKey: 'maison-klein.fr' }])
  const at = new Date()
  const tls = {
    state: 'ok' as const,
    problem: null,
    protocol: null,
    issuer: null,
    validFrom: null,
    validTo: null,
  }
  await db.insert(crawls).values({
    companyId: id!,
    url: website,
    finalUrl: website,
    state: 'done',
    startedAt: at,
    finishedAt: at,
    durationMs: 1,
    site: {
      tls,
      httpRedirectsToHttps: true,
      robotsTxt: { status: 200, found: true, disallowsAll: false, sitemaps: [] },
      sitemap: { url: null, found: false, urlCount: 0 },
      redirects: [],
      belongs,
    },
  })
  await db.insert(facts).values({
    companyId: id!,
    kind: 'email',
    key: 'paul@maison-klein.fr',
    value: 'paul@maison-klein.fr',
    data: { kind: 'person', person: 'Paul Klein', quality: 98, reasons: ['own_domain', 'decider', 'mx_ok'] },
    pageUrl: website,
    method: 'mailto',
    snippet: 'x',
    confidence: 0.9,
  })
  return `/companies/${id}`
}

test.each([
  ['proven', 'prouvé', 'proven'],
  ['likely', 'probable', 'likely'],
  ['doubtful', 'douteux', 'doubtful'],
  ['unchecked', 'non vérifiable', 'could not be checked'],
] as const)(
  'a site that is %s is shown so in both languages, with the evidence escaped',
  async (verdict, french, english) => {
    const evidence = [
      {
        field: 'name' as const,
        agrees: false,
        known: 'Maison Klein',
        found: EVIL,
        pageUrl: 'javascript:alert(1)',
      },
    ]
    const path = await crawled({ verdict, evidence })
    const fr = (await pages.fr.get(`${path}/site`)).text
    const en = (await pages.en.get(`${path}/site`)).text
    const contacts = {
      fr: await pages.fr.get(`${path}/contacts`),
      en: await pages.en.get(`${path}/contacts`),
    }
    expect(fr).toContain(`>${french}</span>`)
    expect(en).toContain(`>${english}</span>`)
    for (const text of [fr, en]) {
      expect(text).toContain('&lt;script&gt;')
      expect(text).not.toContain(EVIL)
      expect(text).not.toContain('href="javascript:')
    }
    expect(contacts.fr.text).toContain(
      'Qualité 98/100 : au nom de domaine du site, appartient à un décideur, le domaine reçoit du courrier',
    )
    expect(contacts.en.text).toContain('Quality 98/100: at the site’s own domain')
  },
)
