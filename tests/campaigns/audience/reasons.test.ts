import { expect, test } from 'bun:test'
import { exclusionReasons } from '#src/campaigns/audience/audience.ts'
import { limitText } from '#src/mail/limits/messages.ts'
import { allLeftAside, leftAside } from '#templates/campaign-audience/reason-messages.ts'
import { templateMessages } from '#templates/campaign-templates/messages.ts'
import { checkText } from '#templates/campaigns/check-messages.ts'
import { campaignMessages } from '#templates/campaigns/messages.ts'

type Reason = (typeof exclusionReasons)[number]
const said = (locale: 'fr' | 'en', reason: Reason, count: number): string =>
  leftAside(locale, { reason, count, of: reason === 'over_cap' ? 'addresses' : 'companies' })
    .join(' ')
    .replaceAll(/[\u00a0\u202f]/g, ' ')

test.each([
  ['contacted_recently', 0, '0 entreprise contactée récemment', '0 companies contacted recently'],
  ['contacted_recently', 1, '1 entreprise contactée récemment', '1 company contacted recently'],
  ['contacted_recently', 60, '60 entreprises contactées récemment', '60 companies contacted recently'],
  ['deleted', 1, '1 entreprise supprimée', '1 company deleted'],
  ['deleted', 2, '2 entreprises supprimées', '2 companies deleted'],
  ['left_out', 1, '1 entreprise retirée à la main', '1 company left out by hand'],
  ['left_out', 1200, '1 200 entreprises retirées à la main', '1,200 companies left out by hand'],
  ['bounced', 3, '3 entreprises dont l’adresse est revenue', '3 companies whose address bounced'],
  ['no_address', 1, '1 entreprise sans adresse connue', '1 company without a known address'],
  ['over_cap', 1, '1 adresse de plus dans ces entreprises', '1 address more in these companies'],
  ['over_cap', 9, '9 adresses de plus dans ces entreprises', '9 addresses more in these companies'],
] as const)('%s of %d reads as a sentence', (reason, count, fr, en) => {
  expect(said('fr', reason, count)).toStartWith(fr)
  expect(said('en', reason, count)).toStartWith(en)
})

test('every reason follows the number of companies, and their page is named by all of them', () => {
  for (const reason of exclusionReasons) {
    expect(said('fr', reason, 2)).toMatch(
      /^2 (entreprises|adresses) (\p{L}+ées|dont|sans|sur|au|avec|de plus)/u,
    )
    expect(said('fr', reason, 1)).not.toMatch(/ées /u)
    expect(said('en', reason, 1)).toMatch(/^1 (company|address) /)
  }
  expect(allLeftAside('fr', 'contacted_recently')).toStartWith('entreprises contactées récemment')
  expect(allLeftAside('fr', 'over_cap')).toBe('adresses de plus dans ces entreprises')
})

test.each([
  [0, '0 destinataire pour le premier message.', '0 recipients of the first message.'],
  [1, '1 destinataire pour le premier message.', '1 recipient of the first message.'],
  [60, '60 destinataires pour le premier message.', '60 recipients of the first message.'],
])('the check of %d recipients agrees with the number', (count, fr, en) => {
  expect(checkText('fr', 'recipients_some', { count: String(count) })).toBe(fr)
  expect(checkText('en', 'recipients_some', { count: String(count) })).toBe(en)
})

test('what is held back of one recipient is not “1 of the first 1”', () => {
  expect(campaignMessages('fr').held('1', 1, 1, 'nom')).toBe(
    'Message 1 : retenu pour son seul destinataire (nom).',
  )
  expect(campaignMessages('en').held('1', 1, 1, 'nom')).toBe(
    'Message 1: held back for its only recipient (nom).',
  )
  expect(campaignMessages('fr').held('1', 60, 200, 'nom')).toContain('60 des 200 premiers destinataires')
})

test('a limit of one mail is one mail', () => {
  const limit = { kind: 'hour', of: 'account', limit: 1 } as const
  expect(limitText('fr', limit as never)).toBe('1 message par heure au plus')
  expect(limitText('en', limit as never)).toBe('at most 1 message an hour')
  expect(limitText('fr', { ...limit, limit: 20 } as never)).toBe('20 messages par heure au plus')
})

test('a template that is ready for the only company there is is not ready for “the 1 first”', () => {
  expect(templateMessages('fr').readyFor(1, 1)).toBe('Prêt pour 1 entreprise sur une.')
  expect(templateMessages('en').readyFor(0, 1)).toBe('Ready for 0 companies of one.')
  expect(templateMessages('fr').readyFor(2, 30)).toBe(
    'Prêt pour 2 entreprises sur les 30 premières de votre liste.',
  )
})
