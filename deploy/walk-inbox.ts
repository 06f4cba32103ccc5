import { startImapServer } from '#tests/support/imap-server.ts'
import type { signInOverHttp } from '#tests/support/product.ts'
import type { Tab } from '#tests/support/browser.ts'
import { until } from '#tests/support/until.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

const READ_WITHIN_MS = 60_000
const LONG = 'une-très-longue-ligne-sans-aucun-espace-'.repeat(6)

const reply = `From: =?utf-8?Q?Zo=C3=A9_Vidal?= <zoe.vidal@entreprise.example>
To: jeanne@agence.example
Subject: =?utf-8?Q?Re=3A_Votre_site_sur_les_t=C3=A9l=C3=A9phones?=
Message-ID: <answer@entreprise.example>
Content-Type: text/plain; charset=utf-8

Bonjour,

merci, rappelez-moi mardi. ${LONG}

Le mar. 3 févr. 2026, Jeanne a écrit :
> Bonjour,
> votre site s’affiche mal sur un téléphone
`
const away = `From: Accueil <accueil@entreprise.example>
To: jeanne@agence.example
Subject: Absence du bureau : Votre site
Message-ID: <away@entreprise.example>
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

Je suis absente jusqu’au 12 février.
`
const bounce = `Return-Path: <>
From: MAILER-DAEMON@mx.example
To: jeanne@agence.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.example>

<zoe.vidal@entreprise.example>: host mx.example said: 552 5.2.2 mailbox full (${LONG})
`

/** Answers and a bounce to what the walk has written, in the mailbox of this account. Returns one that a person wrote. */
export const useInbox = async (
  person: Person,
  account: number,
): Promise<{ mail: number; stop: () => Promise<void> }> => {
  const server = await startImapServer()
  for (const mail of [bounce, away, reply]) server.deliver(mail)
  const { text } = await person.get(`/settings/mail/${account}/edit`)
  const fields = Object.fromEntries(
    [...text.matchAll(/<input[^>]*\bname="(\w+)"[^>]*>/g)].flatMap(([tag, name = '']) => {
      if (/type="(checkbox|radio)"/.test(tag) && !/\bchecked\b/.test(tag)) return []
      return [[name, /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '']]
    }),
  )
  for (const [, name = '', options = ''] of text.matchAll(
    /<select[^>]*\bname="(\w+)"[^>]*>([\s\S]*?)<\/select>/g,
  ))
    fields[name] = /value="([^"]*)"[^>]*\bselected/.exec(options)?.[1] ?? ''
  const mailbox = {
    imapHost: '127.0.0.1',
    imapPort: String(server.port),
    imapTls: 'none',
    imapUsername: 'jeanne',
    imapPassword: 'x',
    imapFolder: 'INBOX',
  }
  await person.post(`/settings/mail/${account}`, { ...fields, ...mailbox })
  let page = ''
  await until(
    'the mailbox was read',
    async () => {
      page = (await person.get('/inbox?view=all')).text
      return (page.match(/href="\/inbox\/\d+"/g) ?? []).length >= 3
    },
    READ_WITHIN_MS,
  )
  const replies = (await person.get('/inbox')).text
  return { mail: Number(/href="\/inbox\/(\d+)"/.exec(replies)?.[1]), stop: server.stop }
}

/** The states of the inbox that have no address in the table of routes. */
export const inboxStops = (mail: number) => [
  { name: 'inbox-bounces', path: '/inbox?view=bounces' },
  { name: 'inbox-nothing-found', path: '/inbox?view=all&q=zzzz' },
  { name: 'inbox-unread', path: '/inbox?view=all&unread=1' },
  {
    name: 'inbox-answer-refused',
    path: `/inbox/${mail}`,
    act: async (tab: Tab) => {
      await tab.page.$eval('main [name=text]', (field) => void ((field as HTMLTextAreaElement).value = ' '))
      await tab.follow(() =>
        tab.page.$eval(`form[action="/inbox/${mail}/answer"]`, (form) => (form as HTMLFormElement).submit()),
      )
    },
  },
]
