import { describe, expect, test } from 'bun:test'
import {
  email,
  form,
  headers,
  NOW,
  page,
  person,
  phone,
  site,
  siteWithHome,
  subpage,
} from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import { found, rules, severities, type Finding, type Severity } from '#src/analysis/finding.ts'
import { ruleIds, type RuleId } from '#src/analysis/messages.ts'
import type { SiteRecord } from '#src/crawl/site-record.ts'
import { scoreLevels } from '#src/companies/statuses.ts'
import { chooseContact, type ContactFacts } from '#src/crawl/contacts/choose-contact.ts'
import { levelOf, levels, scaleLevels } from '#src/scoring/levels.ts'
import { scoreCompany, type Score, type ScoreInput } from '#src/scoring/score-company.ts'
import { stateOfFailure, stateOfPages } from '#src/scoring/site-state.ts'
import weights from '#src/scoring/weights.data.json'

const HOST = 'menuiserie-arbois.fr'
const nobody: ContactFacts = { emails: [], people: [], phones: [], forms: [] }
const owner: ContactFacts = {
  ...nobody,
  emails: [email(`claire.morel@${HOST}`, 'person')],
  people: [person({ email: `claire.morel@${HOST}` })],
}
const employee: ContactFacts = { ...nobody, emails: [email(`luc@${HOST}`, 'person')] }
const role: ContactFacts = { ...nobody, emails: [email(`contact@${HOST}`, 'role')] }
const free: ContactFacts = { ...nobody, emails: [email('menuiserie.morel@orange.fr', 'role')] }
const call: ContactFacts = { ...nobody, phones: [phone('+33384000000')] }
const formOnly: ContactFacts = { ...nobody, forms: [form()] }
const agencyOnly: ContactFacts = { ...nobody, emails: [email('bonjour@agence.fr', 'agency')] }

const of = (record: SiteRecord, contact: ContactFacts, over: Partial<ScoreInput> = {}): Score =>
  scoreCompany({
    status: 'Nouveau',
    contact: chooseContact(contact),
    rating: null,
    reviewsCount: null,
    site: stateOfPages(record.pages),
    findings: analyseSite(record, NOW),
    ...over,
  })

const without = (contact: ContactFacts, state: ScoreInput['site'], over: Partial<ScoreInput> = {}): Score =>
  of(site(), contact, { site: state, findings: [], ...over })

// Sites as a salesperson meets them.
const bareHeaders = { server: 'nginx', 'content-encoding': 'gzip', etag: '"1"' }
const modern = site()
const usual = siteWithHome({ headers: bareHeaders, openGraph: {} })
const noHttps = site({
  url: `http://${HOST}/`,
  finalUrl: `http://${HOST}/`,
  tls: { ...site().tls, state: 'none', protocol: null, validTo: null },
  httpRedirectsToHttps: null,
  pages: [
    page({ url: `http://${HOST}/`, headers: bareHeaders }),
    subpage('/mentions-legales'),
    subpage('/confidentialite'),
  ],
})
const abandoned = siteWithHome({
  headers: headers({
    server: 'Apache/2.2.15',
    'x-powered-by': 'PHP/5.6.40',
    'strict-transport-security': null,
  }),
  generator: 'WordPress 4.9.8',
  scripts: ['/wp-includes/js/jquery/jquery.js?ver=1.12.4'],
})
const maintained = siteWithHome({
  headers: headers({ 'x-powered-by': 'PHP/8.4.1' }),
  generator: 'WordPress 7.1',
})
const desktopOnly = siteWithHome({ viewport: null, headers: bareHeaders })
const expired = site({
  tls: { ...site().tls, state: 'broken', problem: 'CERT_HAS_EXPIRED', validTo: '2026-10-02T00:00:00Z' },
})
const hidden = siteWithHome({ robots: 'noindex' })
const slow = site({ pages: site().pages.map((one) => ({ ...one, ttfbMs: 3200 })) })
const missingHeaders = siteWithHome({ headers: bareHeaders })
const ageing = siteWithHome({
  headers: { server: 'Apache', 'x-powered-by': 'PHP/7.4.33', 'content-encoding': 'gzip', etag: '"1"' },
  description: null,
  h1: [],
  openGraph: {},
  imageCount: 12,
  imagesWithoutAlt: 9,
})
const wreck = site({
  ...noHttps,
  pages: [
    page({
      url: `http://${HOST}/`,
      headers: { server: 'Apache/2.2.15', 'x-powered-by': 'PHP/5.6.40' },
      generator: 'WordPress 4.9.8',
      viewport: null,
      title: 'Accueil',
      description: null,
      h1: [],
      openGraph: {},
      lang: null,
    }),
  ],
  sitemap: { url: null, found: false, urlCount: 0 },
})
const noSite = { state: 'none', params: {} } as const
const unreachable = stateOfFailure('dns', 'the name does not exist')
const parked = stateOfPages([page({ parked: 'domain for sale' })])

describe('a salesperson ranks these pairs without doubt, and so does the score', () => {
  const pairs: [string, Score, Score][] = [
    ['no https and the owner’s address > a modern site with the same', of(noHttps, owner), of(modern, owner)],
    ['no https and the owner’s address > a modern site with contact@', of(noHttps, owner), of(modern, role)],
    ['WordPress 4 on PHP 5 > the same site maintained', of(abandoned, role), of(maintained, role)],
    ['not made for phones > the same made for phones', of(desktopOnly, role), of(missingHeaders, role)],
    ['an expired certificate > missing headers', of(expired, role), of(missingHeaders, role)],
    [
      'closed to Google by mistake > a title too short',
      of(hidden, role),
      of(siteWithHome({ title: 'Morel' }), role),
    ],
    ['a wreck > a site that is merely without https', of(wreck, role), of(noHttps, role)],
    ['slow > quick', of(slow, role), of(modern, role)],
    ['the usual site > a flawless one', of(usual, role), of(modern, role)],
    ['an ageing site > the usual one', of(ageing, role), of(usual, role)],
    ['the owner’s address > an employee’s', of(usual, owner), of(usual, employee)],
    ['an employee’s address > contact@', of(usual, employee), of(usual, role)],
    ['contact@ > an address at a free provider', of(usual, role), of(usual, free)],
    ['an address at a free provider > a phone only', of(usual, free), of(usual, call)],
    ['a phone > a form only', of(usual, call), of(usual, formOnly)],
    ['a form > nothing at all', of(ageing, formOnly), of(ageing, nobody)],
    ['a wreck one can write to > a wreck one cannot', of(wreck, role), of(wreck, nobody)],
    ['an ageing site with contact@ > a wreck with nobody to reach', of(ageing, role), of(wreck, nobody)],
    ['the company’s own address > only the web agency’s', of(usual, role), of(usual, agencyOnly)],
    [
      'no website and an address > a modern site and the same address',
      without(free, noSite),
      of(modern, free),
    ],
    ['no website and a phone > the usual site and a phone', without(call, noSite), of(usual, call)],
    ['no website and a phone > no website and nobody', without(call, noSite), without(nobody, noSite)],
    ['a site weak today > one that cannot be reached', of(wreck, owner), without(owner, unreachable)],
    ['no website at all > a parked address', without(role, noSite), without(role, parked)],
    ['busy and well rated > unknown', of(ageing, role, { rating: 4.7, reviewsCount: 180 }), of(ageing, role)],
    [
      'said yes to talking > never heard of us',
      of(ageing, role, { status: 'Réponse positive' }),
      of(ageing, role),
    ],
    ['never heard of us > lost', of(ageing, role), of(ageing, role, { status: 'Perdu' })],
    ['lost > a customer already', of(wreck, role, { status: 'Perdu' }), of(wreck, role, { status: 'Gagné' })],
    ['reachable > the address bounces', of(ageing, role), of(ageing, role, { status: 'Bounce' })],
    [
      'a flawless site of a stranger > a wreck that asked to be left alone',
      of(modern, role),
      of(wreck, owner, { status: 'Désabonné' }),
    ],
  ]
  for (const [title, better, worse] of pairs) {
    test(title, () => expect(better.value).toBeGreaterThan(worse.value))
  }
})

describe('levels', () => {
  const examples: Record<(typeof scaleLevels)[number], Score> = {
    'very-high': of(wreck, owner),
    high: of(wreck, call),
    medium: of(ageing, role),
    low: of(missingHeaders, role),
    'very-low': of(modern, call),
  }
  for (const level of scaleLevels) {
    test(`a realistic company reaches ${level}`, () => expect(examples[level].level).toBe(level))
  }

  test('80, 60, 40 and 20 are the first of their level, and the list’s filter offers every level', () => {
    const values = [100, 80, 79, 60, 59, 40, 39, 20, 19, 0]
    expect(values.map(levelOf)).toEqual([
      'very-high',
      'very-high',
      'high',
      'high',
      'medium',
      'medium',
      'low',
      'low',
      'very-low',
      'very-low',
    ])
    expect([...scoreLevels]).toEqual([...levels])
  })

  test('a company without a website that can be reached is high', () => {
    expect(without(call, noSite).level).toBe('high')
    expect(without(free, noSite, { rating: 4.6, reviewsCount: 60 }).level).toBe('high')
    expect(without(owner, noSite).level).toBe('very-high')
  })

  test('unreachable, parked and unread sites have their own level, whatever else is known', () => {
    const everything = { rating: 5, reviewsCount: 900, status: 'Réponse positive' }
    for (const state of [unreachable, parked, stateOfFailure('robots', 'robots.txt forbids it')]) {
      const score = without(owner, state, everything)
      expect(score.level).toBe(state.state as Score['level'])
      expect(score.value).toBeLessThan(80)
    }
  })

  test('those who must not be contacted score 0, by status or by list', () => {
    for (const status of ['Désabonné', 'Plainte spam', 'Ne pas contacter']) {
      expect(of(wreck, owner, { status })).toMatchObject({ value: 0, level: 'excluded' })
    }
    expect(of(wreck, owner, { doNotContact: true })).toMatchObject({ value: 0, level: 'excluded' })
  })
})

describe('the explanation', () => {
  test('shows each limit as a line of its own', () => {
    const lines = of(wreck, owner).points
    expect(lines.find((line) => line.reason === 'cap-weaknesses')?.points).toBeLessThan(0)
    expect(lines.every((line) => line.evidence !== '' && Number.isInteger(line.points))).toBe(true)
  })

  test('is never empty, even for a flawless site nobody can reach', () => {
    const score = of(modern, nobody)
    expect(score.value).toBe(0)
    expect(score.points.map((line) => line.reason)).toEqual(['site-sound', 'contact-none'])
  })
})

test('every rule has a weight, and a worse case of a rule never weighs less', () => {
  expect(Object.keys(weights.findings).sort()).toEqual([...ruleIds].sort())
  const worth = (id: RuleId, severity: Severity) =>
    scoreCompany({
      status: 'Nouveau',
      contact: chooseContact(role),
      rating: null,
      reviewsCount: null,
      site: stateOfPages(modern.pages),
      findings: [found(id, { pageUrl: 'https://a.fr/', severity })],
    }).value
  for (const [id, weight] of Object.entries(weights.findings)) {
    if (typeof weight === 'number') continue
    const told = severities
      .filter((severity) => severity in weight)
      .map((severity) => worth(id as RuleId, severity))
    expect(told).toEqual(told.toSorted((a, b) => b - a))
    expect(Object.keys(weight)).toContain(rules[id as RuleId].severity)
  }
})

describe('whatever is known about a company', () => {
  // A fixed seed: the same thousand companies on every run.
  const random = (seed: number) => () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  const next = random(20261122)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!
  const anyFinding = (): Finding =>
    found(pick(ruleIds), { pageUrl: 'https://a.fr/', severity: pick(severities) })
  const contacts = [nobody, formOnly, call, free, role, employee, owner]
  const statuses = [
    'Nouveau',
    'Relance',
    'Perdu',
    'Gagné',
    'Réponse négative',
    'Bounce',
    'Réponse positive',
    '?',
  ]
  type Imagined = Omit<ScoreInput, 'contact'> & { contact: ContactFacts }
  const anyCompany = (): Imagined => ({
    status: pick(statuses),
    contact: pick(contacts),
    rating: pick([null, 1.2, 4.8]),
    reviewsCount: pick([null, 0, 7, 30, 400]),
    site: pick([noSite, unreachable, parked, stateOfPages(modern.pages)]),
    findings: Array.from({ length: Math.floor(next() * 40) }, anyFinding),
  })
  const companies = Array.from({ length: 1000 }, anyCompany)
  const scoreOf = (company: Imagined) => scoreCompany({ ...company, contact: chooseContact(company.contact) })
  const valueOf = (company: Imagined) => scoreOf(company).value
  const merge = (a: ContactFacts, b: ContactFacts): ContactFacts => ({
    emails: [...a.emails, ...b.emails],
    people: [...a.people, ...b.people],
    phones: [...a.phones, ...b.phones],
    forms: [...a.forms, ...b.forms],
  })

  test('the points shown add up to the value, which stays within 0 and 100', () => {
    for (const company of companies) {
      const { value, points } = scoreOf(company)
      expect(points.reduce((sum, line) => sum + line.points, 0)).toBe(value)
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(100)
    }
  })

  test('one more weak point never lowers the score', () => {
    for (const company of companies) {
      const weaker = { ...company, findings: [...company.findings, anyFinding()] }
      expect(valueOf(weaker)).toBeGreaterThanOrEqual(valueOf(company))
    }
  })

  test('one more way in never lowers the score', () => {
    for (const company of companies) {
      const easier = { ...company, contact: merge(company.contact, pick(contacts)) }
      expect(valueOf(easier)).toBeGreaterThanOrEqual(valueOf(company))
    }
  })
})
