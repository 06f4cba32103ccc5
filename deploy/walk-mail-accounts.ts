import type { Tab } from '#tests/support/browser.ts'
import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

/** A sending account with everything filled in, tried at a server that is away, its domain asked for. Returns its id. */
export const useMailAccounts = async (person: Person): Promise<number> => {
  await person.get('/settings/mail/new')
  await person.post('/settings/mail', {
    label: 'Agence-de-la-vallée-de-la-Moselle-et-du-Madon – prospection',
    brand: 'agence-de-la-vallee-de-la-moselle.example',
    senderName: 'Jeanne Durand-Lefèvre',
    senderAddress: 'jeanne.durand-lefevre@agence-de-la-vallee-de-la-moselle.example',
    replyTo: 'bonjour@agence-de-la-vallee-de-la-moselle.example',
    organisation: 'Agence Durand-Lefèvre, EI',
    contactLine: '1 rue Haute, 54000 Nancy',
    signature: 'Jeanne\nhttps://agence.example/',
    host: '127.0.0.1',
    port: '1',
    tls: 'none',
    imapHost: '127.0.0.1',
    imapPort: '1',
    imapTls: 'none',
    imapUsername: 'jeanne',
    imapPassword: 'secret',
    imapMoveTo: 'Prospection/Traités',
    perMinute: '2',
    perHour: '40',
    perDay: '200',
    minGap: '20',
    gapJitter: '15',
    warmup: '1',
    warmupFirstDay: '20',
    warmupStep: '5',
    hasCalendar: '1',
    days: '2',
    from: '09:00',
    to: '17:30',
    timeZone: 'Europe/Paris',
    holidays: 'fr-alsace-moselle',
  })
  const { text } = await person.get('/settings/mail')
  const id = Math.max(...[...text.matchAll(/href="\/settings\/mail\/(\d+)"/g)].map(([, one]) => Number(one)))
  for (const what of ['test', 'test-mailbox', 'check-dns']) await person.post(`/settings/mail/${id}/${what}`)
  return id
}

/** The states of the pages of sending accounts that have no address of their own. */
export const mailAccountStops = (id: number) => [
  { name: 'mail-account-full', path: `/settings/mail/${id}` },
  { name: 'mail-account-full-edit', path: `/settings/mail/${id}/edit` },
  {
    name: 'mail-account-refused',
    path: '/settings/mail/new',
    act: (tab: Tab) =>
      tab.follow(() =>
        tab.page.$eval('main form[action="/settings/mail"]', (form) => (form as HTMLFormElement).submit()),
      ),
  },
]
