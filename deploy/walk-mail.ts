import { startMailServer, type MailServer } from '#tests/support/mail-server.ts'
import type { signInOverHttp } from '#tests/support/product.ts'
import type { Tab } from '#tests/support/browser.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

export const REFUSED = 'personne@refuse.example'

/** A mail server for the walk, which knows one address that does not exist. */
export const startWalkMails = async (): Promise<MailServer & { env: Record<string, string> }> => {
  let mails = 0
  const server = await startMailServer({
    answers: {
      // The third mail is refused.
      rcpt: async () =>
        (mails += 1) === 3 ? '550 5.1.1 <personne@refuse.example>: User unknown' : '250 2.1.5 Ok',
    },
  })
  const env = {
    MAIL_SERVER: '127.0.0.1',
    MAIL_PORT: String(server.port),
    MAIL_DEFAULT_SENDER: 'Jeanne Durand-Lefèvre <jeanne@agence.example>',
    BASE_URL: 'http://127.0.0.1',
  }
  return { ...server, env }
}

const letter = {
  subject: 'Votre site sur les téléphones',
  text: 'Bonjour,\r\n\r\nvotre site **s’affiche mal** sur un téléphone :\r\n- le menu\r\n- les photos\r\n\r\nVoir [ce que j’ai vu](https://agence.example/vu?x=1&y=2).\r\n\r\nBien à vous',
  opens: 'individual',
  clicks: 'individual',
}

/** Mails as they look after some use, and addresses not to contact of every origin. Returns one of them. */
export const useMail = async (person: Person, companyId: number): Promise<{ removed: number }> => {
  const path = `/companies/${companyId}/write`
  const write = async (other: string) => {
    const { text } = await person.get(path)
    const token = /name="token" value="([\w-]+)"/.exec(text)?.[1] ?? ''
    await person.post(path, { ...letter, to: 'other', other, token, do: 'send' })
  }
  await write('zoe.vidal@entreprise.example')
  await write('accueil@entreprise.example')
  await write(REFUSED)
  for (const address of [
    'non-merci@exemple.fr',
    `${'tres-longue-adresse-'.repeat(3)}@exemple-de-domaine.example`,
  ])
    await person.post('/suppressions', { address, reason: 'Au téléphone : « plus jamais », le 3 mars' })
  const { text } = await person.get('/suppressions')
  return { removed: Number(/\/suppressions\/(\d+)\/remove/.exec(text)?.[1] ?? 0) }
}

const fill = (tab: Tab, values: Record<string, string>) =>
  tab.page.evaluate((given) => {
    for (const [name, value] of Object.entries(given)) {
      const field = document.querySelector(`main [name="${name}"]:not([type=radio])`)
      if (field) (field as HTMLInputElement).value = value
    }
    document.querySelector<HTMLInputElement>('main [name=to][value=other]')!.checked = true
  }, values)

const send = (tab: Tab, button: 'preview' | 'send') =>
  tab.follow(() =>
    tab.page.$eval(
      'main form[action$="/write"]',
      (form, value) => {
        const chosen = document.createElement('input')
        Object.assign(chosen, { type: 'hidden', name: 'do', value })
        form.append(chosen)
        ;(form as HTMLFormElement).submit()
      },
      button,
    ),
  )

/** The states of the pages about mail that have no address of their own. */
export const mailStops = (companyId: number) => {
  const path = `/companies/${companyId}/write`
  return [
    {
      name: 'write-preview',
      path,
      act: async (tab: Tab) => {
        await fill(tab, { other: 'zoe@entreprise.example', subject: letter.subject, text: letter.text })
        await send(tab, 'preview')
      },
    },
    {
      name: 'write-refused',
      path,
      act: async (tab: Tab) => {
        await fill(tab, { other: 'pas une adresse', subject: '', text: '' })
        await send(tab, 'send')
      },
    },
    {
      name: 'write-suppressed',
      path,
      act: async (tab: Tab) => {
        await fill(tab, { other: 'non-merci@exemple.fr', subject: letter.subject, text: letter.text })
        await send(tab, 'send')
      },
    },
    { name: 'suppressions-nothing-found', path: '/suppressions?q=zzzz' },
    {
      name: 'tracking-settings-refused',
      path: '/settings/tracking',
      act: async (tab: Tab) => {
        await tab.page.$eval(
          'main [name=factMonths]',
          (field) => void ((field as HTMLInputElement).value = '99'),
        )
        await tab.follow(() =>
          tab.page.$eval('form[action="/settings/tracking"]', (form) => (form as HTMLFormElement).submit()),
        )
      },
    },
  ]
}
