import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, idParam } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { accountMessages } from '#templates/mail-accounts/messages.ts'
import { AccountPage } from '#templates/mail-accounts/account-page.tsx'
import { AccountsPage, type ListedAccount } from '#templates/mail-accounts/accounts-page.tsx'
import { AccountFormPage } from '#templates/mail-accounts/form-page.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import type { DnsResolver } from '../dns-check/ask.ts'
import { holidaysText } from '../limits/messages.ts'
import { pauseAccount, resumeAccount } from '../limits/pause.ts'
import { readRecipient } from '../mailbox.ts'
import { suppressionOf } from '../send-message.ts'
import { formOf } from './form-values.ts'
import { accountTestText, fieldText, lackText, mailboxTestText } from './messages.ts'
import {
  deleteAccount,
  findAccount,
  listAccounts,
  makeDefault,
  saveDnsCheck,
  saveMailboxTest,
  saveTest,
  type AccountRow,
} from './queries.ts'
import { accountOf, lackOf, mailboxOf, type SendingAccount } from './read-account.ts'
import { readForm } from './read-form.ts'
import { changeAccount, makeAccount } from './save-account.ts'
import { checkAccountDomain, clientNameOf, sendTestMail, testConnection, testMailbox } from './try-account.ts'

const HOLIDAYS = ['none', 'fr', 'fr-alsace-moselle'] as const
const BASE = '/settings/mail'

type Parts = Pick<Deps, 'db' | 'config' | 'keys' | 'clock'>

type Above = {
  /** Campaigns that may still send from an account: it is not deleted as long as there are any. */
  countCampaigns: (accountId: number) => Promise<number>
  /** Instead of this machine's name servers; for tests. */
  resolver?: DnsResolver
}

/** /settings/mail: who writes, over which server, how fast, and where answers arrive. */
export const mailAccountRoutes = (deps: Parts, { countCampaigns, resolver }: Above): Hono<AppEnv> => {
  const { db, config, clock } = deps
  const app = new Hono<AppEnv>()

  const present = async (c: Context): Promise<AccountRow> => {
    const row = await findAccount(db, idParam(c))
    if (row) return row
    throw new AppError('not_found', 'There is no such sending account.', { status: 404 })
  }

  const listed = (row: AccountRow): ListedAccount => ({ row, lack: lackOf(deps, row) })

  const back = (
    c: Context<AppEnv>,
    row: { id: number },
    kind: 'success' | 'warning' | 'danger',
    text: string,
  ) => {
    setFlash(c, kind, text)
    return c.redirect(`${BASE}/${row.id}`, 303)
  }

  const texts = (c: Context<AppEnv>) => accountMessages(c.get('page').locale)

  const showOne = (c: Context<AppEnv>, row: AccountRow, form: FormState = emptyForm) =>
    c.html(
      <AccountPage page={c.get('page')} account={listed(row)} form={form} />,
      form === emptyForm ? 200 : 422,
    )

  const showForm = (c: Context<AppEnv>, row: AccountRow | null, form: FormState, days: readonly string[]) => {
    const page = c.get('page')
    const view = {
      account: row,
      isEnvironment: row?.origin === 'environment',
      hasPassword: (row?.password ?? null) !== null,
      hasImapPassword: (row?.imapPassword ?? null) !== null,
      days,
      holidays: HOLIDAYS.map((value) => ({ value, label: holidaysText(page.locale, value) })),
      form,
    }
    const status = Object.keys(form.errors).length > 0 ? 422 : 200
    return c.html(<AccountFormPage page={page} view={view} />, status)
  }

  const submitted = async (c: Context<AppEnv>, row: AccountRow | null) => {
    const values = await formValues(c)
    const body = await c.req.parseBody({ all: true })
    const days = [body['days'] ?? []].flat().filter((one) => typeof one === 'string')
    const read = readForm(values, days, row)
    const { locale } = c.get('page')
    const errors = read.ok
      ? {}
      : Object.fromEntries(
          Object.entries(read.problems).map(([name, problem]) => [name, fieldText(locale, problem)]),
        )
    return { read, days, form: { values, errors } }
  }

  /** The account ready to be used, or the page that says why it is not. */
  const usable = async (c: Context<AppEnv>): Promise<SendingAccount | Response> => {
    const row = await present(c)
    const account = accountOf(deps, row)
    if (account) return account
    const lack = lackOf(deps, row) ?? 'sealed'
    return back(c, row, 'danger', lackText(c.get('page').locale, lack))
  }

  app.get('/', async (c) => {
    const accounts = (await listAccounts(db)).map(listed)
    return c.html(<AccountsPage page={c.get('page')} accounts={accounts} />)
  })

  app.get('/new', (c) => {
    const { values, days } = formOf(null)
    return showForm(c, null, { values, errors: {} }, days)
  })

  app.post('/', async (c) => {
    const { read, days, form } = await submitted(c, null)
    if (!read.ok) return showForm(c, null, form, days)
    return back(c, { id: await makeAccount(deps, read.value) }, 'success', texts(c).created)
  })

  app.get('/:id', async (c) => showOne(c, await present(c)))

  app.get('/:id/edit', async (c) => {
    const row = await present(c)
    const { values, days } = formOf(row)
    return showForm(c, row, { values, errors: {} }, days)
  })

  app.post('/:id', async (c) => {
    const row = await present(c)
    const { read, days, form } = await submitted(c, row)
    if (!read.ok) return showForm(c, row, form, days)
    await changeAccount(deps, row, read.value)
    return back(c, row, 'success', texts(c).saved)
  })

  app.post('/:id/test', async (c) => {
    const account = await usable(c)
    if (account instanceof Response) return account
    const test = await testConnection(deps, account, clientNameOf(config.BASE_URL, account))
    await saveTest(db, account.id, test)
    return back(c, account, test.ok ? 'success' : 'danger', accountTestText(c.get('page').locale, test))
  })

  app.post('/:id/send-test', async (c) => {
    const account = await usable(c)
    if (account instanceof Response) return account
    const { locale } = c.get('page')
    const values = await formValues(c)
    const to = readRecipient(values['to'] ?? '')
    if (!to.ok) return showOne(c, account.row, { values, errors: { to: texts(c).badTestAddress } })
    if (await suppressionOf(deps, to.value))
      return showOne(c, account.row, { values, errors: { to: texts(c).suppressedTestAddress } })
    const clientName = clientNameOf(config.BASE_URL, account)
    const test = await sendTestMail(deps, account, { to: to.value, locale, clientName })
    await saveTest(db, account.id, test)
    return back(c, account, test.ok ? 'success' : 'danger', accountTestText(locale, test))
  })

  app.post('/:id/test-mailbox', async (c) => {
    const row = await present(c)
    const settings = mailboxOf(deps, row)
    const test = settings
      ? await testMailbox(deps, settings)
      : { at: clock.now().toISOString(), ok: false, code: 'sealed', detail: '' }
    if (row.imapHost !== null) await saveMailboxTest(db, row.id, test)
    return back(c, row, test.ok ? 'success' : 'danger', mailboxTestText(c.get('page').locale, test))
  })

  app.post('/:id/check-dns', async (c) => {
    const account = await usable(c)
    if (account instanceof Response) return account
    await saveDnsCheck(db, account.id, await checkAccountDomain(account, resolver), clock.now())
    return c.redirect(`${BASE}/${account.id}#dns`, 303)
  })

  app.post('/:id/pause', async (c) => {
    const row = await present(c)
    await db.transaction((tx) => pauseAccount(tx, row.id, { reason: 'hand', detail: '' }, clock.now()))
    return back(c, row, 'success', texts(c).pausedDone)
  })

  app.post('/:id/resume', async (c) => {
    const row = await present(c)
    await db.transaction((tx) => resumeAccount(tx, row.id, clock.now()))
    return back(c, row, 'success', texts(c).resumedDone)
  })

  app.post('/:id/default', async (c) => {
    const row = await present(c)
    await makeDefault(db, row.id)
    return back(c, row, 'success', texts(c).defaultDone)
  })

  app.post('/:id/delete', async (c) => {
    const row = await present(c)
    if (row.origin === 'environment' && lackOf(deps, row) === null)
      return back(c, row, 'warning', texts(c).environmentStays)
    const open = await countCampaigns(row.id)
    if (open > 0) return back(c, row, 'warning', texts(c).inUse(open))
    await deleteAccount(db, row.id)
    setFlash(c, 'success', texts(c).deleted(row.label))
    return c.redirect(BASE, 303)
  })

  return app
}
