import type { ExclusionReason } from '#src/campaigns/audience/audience.ts'
import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'

// « entreprise » and « adresse » are feminine; French counts 0 and 1 as singular.
const agreed = (word: string) => (count: number) => plural('fr', count, word, `${word}s`)
const always = (words: string) => (_count: number) => words

/** Why companies are left aside, as it follows their number: “60 companies” … */
export const reasonMessages = catalogue({
  fr: {
    company: agreed('entreprise'),
    address: agreed('adresse'),
    deleted: agreed('supprimée'),
    left_out: (count: number) => `${agreed('retirée')(count)} à la main`,
    status: always('au statut Désabonné, Plainte spam ou Ne pas contacter'),
    suppressed_company: always('sur la liste d’opposition'),
    contacted_recently: (count: number) =>
      `${agreed('contactée')(count)} récemment, ou sur le point de l’être par une autre campagne`,
    beyond_most: always('au-delà du nombre demandé'),
    suppressed: always('dont l’adresse est sur la liste d’opposition'),
    bounced: always('dont l’adresse est revenue en erreur'),
    role_not_chosen: always('sans adresse des interlocuteurs choisis'),
    free_provider: always('dont l’adresse est gratuite et n’est pas publiée par le site'),
    other_domain: always('dont l’adresse est d’un autre domaine'),
    no_mail_server: always('dont le domaine ne reçoit pas d’e-mail'),
    disposable: always('dont l’adresse est jetable'),
    unread: always('dont l’adresse n’est lue par personne (noreply@…)'),
    placeholder: always('dont l’adresse est fausse (exemple)'),
    third_party: always('dont l’adresse est celle d’un tiers (agence, hébergeur…)'),
    guessed: always('dont l’adresse est seulement devinée'),
    no_address: always('sans adresse connue'),
    duplicate: always('avec la même adresse qu’une autre'),
    over_cap: always('de plus dans ces entreprises'),
  },
  en: {
    company: (count: number) => plural('en', count, 'company', 'companies'),
    address: (count: number) => plural('en', count, 'address', 'addresses'),
    deleted: always('deleted'),
    left_out: always('left out by hand'),
    status: always('with the status unsubscribed, spam complaint or do not contact'),
    suppressed_company: always('on the suppression list'),
    contacted_recently: always('contacted recently, or about to be by another campaign'),
    beyond_most: always('beyond the number asked for'),
    suppressed: always('whose address is on the suppression list'),
    bounced: always('whose address bounced'),
    role_not_chosen: always('without an address of the people chosen'),
    free_provider: always('whose address is a free one that the site does not publish'),
    other_domain: always('whose address is at another domain'),
    no_mail_server: always('whose domain takes no mail'),
    disposable: always('whose address is disposable'),
    unread: always('whose address is read by nobody (noreply@…)'),
    placeholder: always('whose address is not a real one (example)'),
    third_party: always('whose address is that of a third party (agency, host…)'),
    guessed: always('whose address is only guessed'),
    no_address: always('without a known address'),
    duplicate: always('with the same address as another one'),
    over_cap: always('more in these companies'),
  },
})

/** How many are left aside and why, in the two parts of one sentence: “60 companies”, “contacted recently”. */
export const leftAside = (
  locale: Locale,
  { reason, count, of }: { reason: ExclusionReason; count: number; of: 'companies' | 'addresses' },
): [string, string] => {
  const t = reasonMessages(locale)
  const what = of === 'addresses' ? t.address(count) : t.company(count)
  return [`${formatNumber(locale, count)} ${what}`, t[reason](count)]
}

const SEVERAL = 2

/** All that are left aside for one reason: “companies contacted recently”. Of companies that are written to, it is single
 *  addresses. */
export const allLeftAside = (locale: Locale, reason: ExclusionReason): string => {
  const t = reasonMessages(locale)
  return `${reason === 'over_cap' ? t.address(SEVERAL) : t.company(SEVERAL)} ${t[reason](SEVERAL)}`
}
