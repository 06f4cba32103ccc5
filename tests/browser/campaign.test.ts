import { expect, test } from 'bun:test'
import { join } from 'node:path'
import postgres from 'postgres'
import { authMessages } from '#templates/auth/messages.ts'
import { templateMessages } from '#templates/campaign-templates/messages.ts'
import { campaignMessages } from '#templates/campaigns/messages.ts'
import { writingMessages } from '#templates/campaigns/writing-messages.ts'
import { commonMessages } from '#templates/messages.ts'
import { openBrowser, openTab, type Tab } from '#tests/support/browser.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { ADMIN, serveProduct, temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'
import { checkPage } from '../../deploy/walk-checks.ts'

const MINUTE = 60_000
const t = campaignMessages('fr')

const folder = temporaryFolder('campaign')
const { url: DATABASE_URL, beforeClose } = await emptyDatabase()
const mails = await startMailServer()
const server = await serveProduct({
  env: {
    DATABASE_URL,
    DATA_DIR: join(folder.path, 'data'),
    BASE_URL: 'https://suivi.agence-ete.fr',
  },
})
const { browser, close } = await openBrowser()
const sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} })

beforeClose(async () => {
  await Promise.all([close(), server.stop(), mails.stop(), sql.end()])
  folder.remove()
})

const signIn = async (tab: Tab) => {
  await tab.page.setExtraHTTPHeaders({ 'Accept-Language': 'fr' })
  await tab.go('/login')
  await tab.page.type('[name=email]', ADMIN.email)
  await tab.page.type('[name=password]', ADMIN.password)
  await tab.follow(() => tab.press(authMessages('fr').signIn))
}

/** Opens the first form that overrides and gives it a reason. */
const override = async (tab: Tab, reason: string) => {
  const field = 'form[action$="/override"] [name=reason]'
  await tab.page.$eval('form[action$="/override"]', (form) => {
    form.closest('details')!.open = true
  })
  await tab.page.$eval(field, (input) => ((input as HTMLInputElement).value = ''))
  await tab.page.type(field, reason)
  await tab.follow(() => tab.page.click('form[action$="/override"] button'))
}

/** Says why a check may be passed over, for each that refuses; first a reason that says nothing. */
const overrideAll = async (tab: Tab) => {
  await override(tab, 'ok')
  await tab.see(t.overrideMissing)
  expect(await checkPage(tab.page, 1280)).toEqual([])
  // The refusal is an answer of 422, as it should be.
  expect(tab.problems.splice(0)).toEqual([expect.stringContaining('422: POST')])
  for (;;) {
    const open = await tab.page.$('form[action$="/override"]')
    if (!open) return
    await override(tab, 'relais interne, vu avec l’hébergeur')
  }
}

test(
  'from the first click to the mail: a campaign is made in the wizard, started, and its mail arrives',
  async () => {
    await sql`
      INSERT INTO companies (name, website, site_key, email, contact_email, contact_email_kind)
      VALUES ('Boulangerie Léger', 'https://boulangerie-leger.fr/', 'boulangerie-leger.fr',
        'contact@boulangerie-leger.fr', 'contact@boulangerie-leger.fr', 'role')`
    await sql`
      INSERT INTO mail_accounts (slug, label, sender_name, sender_address, organisation, contact_line, host, port, tls)
      VALUES ('agence', 'Agence', 'Jeanne Été', 'jeanne@agence.invalid', 'Agence Été', '1 rue des Lilas, 57000 Metz',
        '127.0.0.1', ${mails.port}, 'none')`
    const tab = await openTab(browser, { base: server.base })
    await signIn(tab)
    await tab.follow(() => tab.press(commonMessages('fr').campaigns, 'nav'))
    await tab.see(t.emptyTitle)
    await tab.follow(() => tab.press(t.newCampaign))
    await tab.page.$eval('[name=name]', (field) => ((field as HTMLInputElement).value = ''))
    await tab.page.type('[name=name]', 'Sites lents de Metz')
    await tab.follow(() => tab.press(t.saveNext))
    await tab.see(t.recipientsIntro)
    await tab.follow(() => tab.press(t.saveNext))
    await tab.follow(() => tab.press(t.write))
    await tab.page.type('#field-subject', 'Le site de {{ entreprise }}')
    await tab.page.type('#field-html', '<p>Bonjour, le site de {{ entreprise }} est lent.</p>')
    await tab.follow(() => tab.press(t.save))
    await tab.see('Le site de Boulangerie Léger')
    const frame = await (await tab.page.waitForSelector('iframe'))!.contentFrame()
    expect(await frame!.$eval('body', (body) => body.textContent)).toContain(
      'le site de Boulangerie Léger est lent',
    )
    await tab.follow(() => tab.press(writingMessages('fr').sendTest))
    await tab.see(templateMessages('fr').testSent(ADMIN.email))
    expect(mails.received.map(({ to }) => to)).toEqual([[ADMIN.email]])
    expect(mails.received[0]!.raw).toContain('Le_site_de_Boulangerie')
    mails.received.length = 0
    await tab.follow(() => tab.press(t.saveNext))
    await tab.follow(() => tab.press(t.goOn))
    await tab.see(t.forecast)
    await tab.follow(() => tab.press(t.saveNext))
    await tab.see(t.refusedTitle)
    await overrideAll(tab)
    await tab.see(t.readyTitle)
    await tab.follow(() => tab.press(t.startButton))
    await tab.see('Sites lents de Metz')
    await until('the mail', () => mails.received.length > 0, MINUTE / 2)
    const [mail] = mails.received
    expect(mail?.to).toEqual(['contact@boulangerie-leger.fr'])
    expect(mail?.raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    await until(
      'the end',
      async () => (await sql`SELECT state FROM campaign_messages`)[0]?.['state'] === 'sent',
      MINUTE / 4,
    )
    expect(mails.received).toHaveLength(1)
    const [campaign] = await sql`SELECT overrides FROM campaigns`
    expect(campaign!['overrides'][0]).toMatchObject({ reason: 'relais interne, vu avec l’hébergeur' })
    expect(tab.problems).toEqual([])
  },
  2 * MINUTE,
)

test(
  'what is typed and not saved is not left behind unasked, and can be had again when a template took its place',
  async () => {
    const w = writingMessages('fr')
    const tab = await openTab(browser, { base: server.base })
    await signIn(tab)
    const asked: string[] = []
    tab.page.removeAllListeners('dialog')
    let stay = true
    tab.page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void (stay ? dialog.dismiss() : dialog.accept())
    })
    await tab.go('/campaigns')
    await tab.follow(() => tab.press(t.newCampaign))
    await tab.follow(() => tab.press(t.saveNext))
    await tab.follow(() => tab.press(t.saveNext))
    await tab.follow(() => tab.press(t.write))
    // Nothing typed: nobody is asked.
    await tab.follow(() => tab.press(t.back))
    await tab.follow(() => tab.press(t.write))
    expect(asked).toEqual([])
    await tab.page.type('#field-html', 'Mes mots.\nEt les autres.')
    await tab.press(t.back)
    await until('the question', () => asked.length === 1)
    expect(asked).toEqual(['beforeunload'])
    expect(await tab.page.$eval('#field-html', (field) => (field as HTMLTextAreaElement).value)).toBe(
      'Mes mots.\nEt les autres.',
    )
    await tab.page.$eval('#field-templateId', (list) => {
      ;(list as HTMLSelectElement).selectedIndex = 1
    })
    await tab.follow(() => tab.press(w.useTemplate))
    await tab.see(w.replaced)
    expect(await checkPage(tab.page, 1280)).toEqual([])
    expect(await checkPage(tab.page, 390)).toEqual([])
    await tab.page.type('#field-subject', ' !')
    // Enter saves, and takes no template over.
    await tab.follow(() => tab.page.keyboard.press('Enter'))
    await tab.see(t.saved)
    await tab.page.$eval('#field-templateId', (list) => {
      ;(list as HTMLSelectElement).selectedIndex = 2
    })
    await tab.page.type('#field-html', 'Fin à moi.')
    await tab.follow(() => tab.press(w.useTemplate))
    const before = await tab.page.$eval(
      '[role=status] [name=html]',
      (field) => (field as HTMLInputElement).value,
    )
    expect(before).toContain('Fin à moi.')
    await tab.follow(() => tab.press(w.wayBack))
    await tab.see(t.saved)
    expect(await tab.page.$eval('#field-html', (field) => (field as HTMLTextAreaElement).value)).toBe(before)
    // Who wants to leave it behind may.
    await tab.page.type('#field-html', 'x')
    stay = false
    await tab.follow(() => tab.press(t.back))
    expect(asked).toEqual(['beforeunload', 'beforeunload'])
  },
  2 * MINUTE,
)

test(
  'the preview of a template follows what is chosen for it, and a look saves nothing',
  async () => {
    const tab = await openTab(browser, { base: server.base })
    await signIn(tab)
    await tab.go('/templates/new')
    await tab.page.type('#field-subject', 'Votre site')
    const shown = async () => {
      const frame = await (await tab.page.waitForSelector('iframe[name=preview]'))!.contentFrame()
      return frame.$eval('html', (html) => html.outerHTML).catch(() => '')
    }
    const choose = (view: string) => tab.page.click(`[name=view][value=${view}]`)
    await choose('asText')
    await until('the text alone', async () => /Votre site[^]*<pre/.test(await shown()))
    await choose('desktop')
    await until('the mail as it is drawn', async () => /Votre site[^]*<iframe/.test(await shown()))
    const asked: string[] = []
    tab.page.removeAllListeners('dialog')
    tab.page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.accept()
    })
    await tab.go('/templates')
    expect(asked).toEqual(['beforeunload'])
    expect(tab.problems).toEqual([])
  },
  2 * MINUTE,
)

test(
  'the list of companies says how many are ticked',
  async () => {
    const tab = await openTab(browser, { base: server.base })
    await signIn(tab)
    await tab.go('/companies')
    const count = '[data-counts]:not([hidden])'
    expect(await tab.page.$(count)).toBeNull()
    await tab.page.click('[data-check-all]')
    expect(await tab.text(count)).toBe('1')
    await tab.page.click('input[name=ids]')
    expect(await tab.page.$(count)).toBeNull()
  },
  MINUTE,
)

test(
  'what was typed when the session had ended, or the page was too old, stands there again after signing in',
  async () => {
    const again = commonMessages('fr').typedAgain
    const tab = await openTab(browser, { base: server.base })
    await signIn(tab)
    await tab.go('/campaigns')
    await tab.follow(() => tab.press(t.newCampaign))
    await tab.follow(() => tab.press(t.saveNext))
    await tab.follow(() => tab.press(t.saveNext))
    await tab.follow(() => tab.press(t.write))
    const form = tab.page.url()
    const typed = () => tab.page.$eval('#field-html', (field) => (field as HTMLTextAreaElement).value)
    await tab.page.type('#field-subject', 'Longuement pensé')
    await tab.page.type('#field-html', 'Une heure de travail.\nEt sa fin.')
    await sql`DELETE FROM sessions`
    await tab.follow(() => tab.press(t.save))
    expect(new URL(tab.page.url()).pathname).toBe('/login')
    await tab.page.type('[name=email]', ADMIN.email)
    await tab.page.type('[name=password]', ADMIN.password)
    await tab.follow(() => tab.press(authMessages('fr').signIn))
    expect(tab.page.url()).toBe(form)
    await tab.see(again)
    expect(await typed()).toBe('Une heure de travail.\nEt sa fin.')
    await tab.follow(() => tab.press(t.save))
    await tab.see(t.saved)
    expect(await typed()).toBe('Une heure de travail.\nEt sa fin.')
    expect(await tab.text()).not.toContain(again)
    // A form of the session before: refused, and gone back to.
    await tab.page.type('#field-html', ' Et encore.')
    const last = await typed()
    await tab.page.$eval('#message [name=csrf]', (field) => ((field as HTMLInputElement).value = 'x.y'))
    await tab.follow(() => tab.press(t.save))
    await tab.go(new URL(form).pathname)
    await tab.see(again)
    expect(await typed()).toBe(last)
    // Elsewhere, and once it is saved, nothing comes back.
    await tab.follow(() => tab.press(t.saveNext))
    await tab.follow(() => tab.press(t.edit))
    expect(await tab.text()).not.toContain(again)
    expect(await typed()).toBe(last)
  },
  2 * MINUTE,
)
