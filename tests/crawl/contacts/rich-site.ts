import type { Belonging } from '#src/crawl/contacts/belongs-to-company.ts'
import type { EmailFact, FeatureFact, PersonFact, Provenance, SiteRecord } from '#src/crawl/site-record.ts'
import { form, page, phone } from '#tests/support/site-record.ts'

const HOST = 'https://www.atelier-vauban.fr'
export const RICH_URL = `${HOST}/`

const on = (path: string, method: string, snippet: string, confidence = 0.9): Provenance => ({
  pageUrl: HOST + path,
  method,
  snippet,
  confidence,
})
const mail = (
  value: string,
  kind: EmailFact['kind'],
  where: Provenance,
  more: Partial<EmailFact> = {},
): EmailFact => ({ value, kind, ...where, ...more })
const human = (name: string, where: Provenance, more: Partial<PersonFact> = {}): PersonFact => ({
  name,
  role: null,
  roleKind: null,
  email: null,
  phone: null,
  linkedin: null,
  ...where,
  ...more,
})
const feature = (name: FeatureFact['name'], value: string | null, present = true): FeatureFact => ({
  name,
  present,
  value,
  ...on('/', 'link', name),
})
const told = <T>(value: T, snippet: string) => ({ value, ...on('/mentions-legales', 'text', snippet) })
const technology = (name: string, category: string, version: string | null, snippet: string) => ({
  name,
  category,
  version,
  ...on('/', 'meta', snippet, 0.95),
})

const EVIL_NAME = '<img src=x onerror=alert(1)> \u202Erehcetam'

/** A site with something of every kind, hostile values among them. */
export const richSite = (): Partial<SiteRecord> => ({
  url: RICH_URL,
  finalUrl: RICH_URL,
  pages: [page({ url: RICH_URL, title: 'Atelier Vauban – ferronnerie d’art' })],
  people: [
    human(
      'Élodie Marchand-Le Goff',
      on('/equipe', 'card', 'Élodie Marchand-Le Goff, gérante et fondatrice'),
      {
        role: 'Gérante et fondatrice',
        roleKind: 'owner',
        email: 'elodie.marchand@atelier-vauban.fr',
        linkedin: 'https://www.linkedin.com/in/elodie-marchand',
      },
    ),
    human(
      'E. Marchand',
      on('/mentions-legales', 'legal-notice', 'Directrice de la publication : E. Marchand'),
      {
        role: 'Directrice de la publication',
        roleKind: 'director',
        phone: '+33611223344',
      },
    ),
    human('Karim Haddad', on('/equipe', 'card', 'Karim Haddad — chef d’atelier', 0.7), {
      role: 'Chef d’atelier',
      roleKind: 'technical',
    }),
    human(EVIL_NAME, on('/livre-d-or', 'text', `${'très long '.repeat(500)}${EVIL_NAME}`, 0.3)),
  ],
  emails: [
    mail(
      'elodie.marchand@atelier-vauban.fr',
      'person',
      on('/equipe', 'at-text', 'Écrire à elodie.marchand [at] atelier-vauban [point] fr pour un devis', 0.85),
      {
        person: 'Élodie Marchand-Le Goff',
        quality: 92,
        reasons: ['own_domain', 'decider', 'hidden_source', 'mx_ok'],
      },
    ),
    mail('contcat@atelier-vauban.fr', 'role', on('/contact', 'mailto', 'contcat@atelier-vauban.fr', 0.95), {
      quality: 61,
      reasons: ['own_domain', 'role_address', 'clear_source', 'mx_ok'],
    }),
    mail(
      'bonjour@studio-pixel.fr',
      'agency',
      on('/mentions-legales', 'text', 'Site réalisé par Studio Pixel'),
      {
        quality: 10,
        reasons: ['agency'],
      },
    ),
  ],
  suggestedEmails: [
    mail(
      'karim.haddad@atelier-vauban.fr',
      'person',
      on('/equipe', 'pattern first.last', 'Karim Haddad', 0.5),
      {
        person: 'Karim Haddad',
        quality: 45,
        reasons: ['own_domain', 'linked_person', 'suggested', 'mx_ok'],
      },
    ),
  ],
  phones: [
    {
      ...phone('+33387000001'),
      ...on('/contact', 'text', 'Tél. : 03 87 00 00 01 du lundi au vendredi'),
      raw: '03 87 00 00 01',
    },
    {
      ...phone('+33611223344', { type: 'mobile' }),
      ...on('/mentions-legales', 'tel', 'Portable 06.11.22.33.44'),
      raw: '06.11.22.33.44',
    },
  ],
  addresses: [
    {
      street: '14 rue du Général-de-Gaulle',
      postalCode: '57000',
      city: 'Metz',
      country: 'FR',
      ...on('/contact', 'json-ld', 'Atelier Vauban, 14 rue du Général-de-Gaulle, 57000 Metz'),
    },
    {
      street: '2 zone artisanale des Prés',
      postalCode: '54000',
      city: 'Nancy',
      country: 'FR',
      ...on('/contact', 'text', 'Second atelier : 2 zone artisanale des Prés, 54000 Nancy'),
    },
  ],
  companyIds: [
    { kind: 'siret', value: '73282932000074', ...on('/mentions-legales', 'text', 'SIRET 732 829 320 00074') },
    { kind: 'vat', value: 'FR44732829320', ...on('/mentions-legales', 'text', 'TVA FR 44 732829320') },
  ],
  socials: [
    { network: 'instagram', url: 'https://www.instagram.com/ateliervauban', ...on('/', 'link', 'Instagram') },
  ],
  technologies: [
    technology('WordPress', 'cms', '5.2', 'WordPress 5.2'),
    technology('PHP', 'language', '7.4.33', 'PHP/7.4.33'),
    technology('Matomo', 'analytics', null, 'matomo.js'),
  ],
  forms: [form({ ...on('/contact', 'form', 'Votre message') })],
  company: {
    legalForm: told('SARL', 'Atelier Vauban SARL au capital de 8 000 €'),
    capital: told(8000, 'au capital de 8 000 €'),
    director: told('Élodie Marchand-Le Goff', 'Gérante : Élodie Marchand-Le Goff'),
    host: told('OVHcloud', 'Hébergé par OVHcloud'),
    openingHours: [told('Mo-Fr 08:00-12:00', 'Du lundi au vendredi'), told('Sa 09:00-12:00', 'samedi matin')],
    languages: [told('fr', 'fr'), told('de', 'de')],
  },
  features: [
    feature('blog', `${HOST}/actualites`),
    feature('last_post', '2026-01-12'),
    feature('newsletter', null),
    feature('cookie_banner', null),
    feature('legal_notice', `${HOST}/mentions-legales`),
    feature('privacy_policy', null, false),
  ],
})

/** The same site as a later crawl finds it: a new version, a number gone, somebody new. */
export const richSiteLater = (): Partial<SiteRecord> => {
  const before = richSite()
  return {
    ...before,
    pages: [page({ url: RICH_URL, title: 'Atelier Vauban – métallerie et ferronnerie' })],
    people: [
      ...before.people!,
      human('Louise Petit', on('/equipe', 'card', 'Louise Petit, commerciale'), {
        role: 'Commerciale',
        roleKind: 'sales',
      }),
    ],
    emails: [
      ...before.emails!,
      mail('devis@atelier-vauban.fr', 'role', on('/devis', 'mailto', 'devis@atelier-vauban.fr', 0.95)),
    ],
    phones: before.phones!.slice(1),
    technologies: [technology('WordPress', 'cms', '6.7', 'WordPress 6.7'), ...before.technologies!.slice(1)],
    features: [...before.features!, feature('shop', `${HOST}/boutique`)],
  }
}

export const doubtful: Belonging = {
  verdict: 'doubtful',
  evidence: [
    {
      field: 'name',
      known: 'Ferronnerie Weber',
      found: 'Atelier Vauban',
      agrees: false,
      pageUrl: RICH_URL,
    },
    { field: 'town', known: 'Metz', found: 'Metz', agrees: true, pageUrl: `${HOST}/contact` },
  ],
}
