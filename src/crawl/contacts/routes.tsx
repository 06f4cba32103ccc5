import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { isHtmx } from '#src/auth/request.ts'
import { findCompany, type Company } from '#src/companies/queries-edit.ts'
import { formValues, found, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { suppressionOf } from '#src/tracking/queries-suppressions.ts'
import { doneText, factProblemText } from '#templates/crawl/contact-messages.ts'
import { readableFact } from '#templates/companies/readable.ts'
import { ContactsPage, ContactsPanel, type OpenForm } from '#templates/crawl/contacts.tsx'
import { emptyForm } from '#templates/page.ts'
import { addContact } from './add-contact.ts'
import { applyCorrection } from './apply-correction.ts'
import { unreadUrls } from './compare-facts.ts'
import { correctFact, restoreFact } from './correct-fact.ts'
import type { FactAction } from './decide.ts'
import { judgeFact, removeContact } from './judge-fact.ts'
import { mergePeople, splitPerson } from './merge-people.ts'
import { findVisit, listShownFacts, type Fact } from './queries-facts.ts'
import type { FactProblems } from './read-fact-form.ts'
import { viewContacts, viewedKinds } from './view-contacts.ts'

const rowId = z.coerce.number().int().positive().max(2_147_483_647)
const verdictForm = z.object({
  verdict: z.enum(['confirmed', 'rejected', 'none']).transform((value) => (value === 'none' ? null : value)),
})
const addedKind = z.enum(['email', 'phone', 'person'])

/** The contacts of a company, and what a person decides about each. `scoreAgain` is called when a decision may have
 *  changed the score. With htmx the panel is answered, without it the page. */
export const contactRoutes = (
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  scoreAgain: (companyId: number) => Promise<unknown>,
): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  const show = async (
    c: Context<AppEnv>,
    companyId: number,
    { open = null, done = '', status = 200 }: { open?: OpenForm | null; done?: string; status?: 200 | 422 },
  ) => {
    const company = found(await findCompany(db, companyId))
    const { latest, read } = await findVisit(db, company.id)
    const contacts = viewContacts(await listShownFacts(db, company.id, [...viewedKinds]), company)
    const view = {
      page: c.get('page'),
      company,
      contacts,
      latest,
      read,
      readAt: read?.finishedAt ?? null,
      unread: unreadUrls(read?.errors ?? []),
      open: company.deletedAt === null ? open : null,
      done,
      suppression: await suppressionOf(db, company),
    }
    return c.html(isHtmx(c) ? <ContactsPanel {...view} /> : <ContactsPage {...view} />, status)
  }

  const decided = async (c: Context<AppEnv>, company: Company, action: FactAction, fact: Fact) => {
    await scoreAgain(company.id)
    const { locale } = c.get('page')
    const done = doneText(locale, action, readableFact(locale, fact.kind, applyCorrection(fact).value))
    if (isHtmx(c)) return show(c, company.id, { done })
    setFlash(c, 'success', done)
    return c.redirect(`/companies/${company.id}/contacts#fact-${fact.id}`, 303)
  }

  const refused = (c: Context<AppEnv>, companyId: number, open: OpenForm, problems: FactProblems) => {
    const { locale } = c.get('page')
    const errors = Object.fromEntries(
      Object.entries(problems).map(([field, code]) => [field, factProblemText(locale, code)]),
    )
    return show(c, companyId, { open: { ...open, form: { ...open.form, errors } }, status: 422 })
  }

  app.get('/:id/contacts', (c) => show(c, idParam(c), { open: openForm(c) }))

  app.post('/:id/facts', async (c) => {
    const company = await present(c)
    const values = await formValues(c)
    const kind = found(addedKind.safeParse(values['add']).data)
    const added = found(
      await addContact(db, { companyId: company.id, userId: userIdOf(c), at: clock.now(), kind, values }),
    )
    if (added.ok) return decided(c, company, 'added', added.fact)
    return refused(c, company.id, { mode: 'add', kind, form: { values, errors: {} } }, added.problems)
  })

  app.post('/:id/facts/:factId', async (c) => {
    const company = await present(c)
    const { verdict } = found(verdictForm.safeParse(await formValues(c)).data)
    const fact = found(await judgeFact(db, { ...which(c, company), verdict }))
    const isGuess = verdict === 'confirmed' && fact.kind === 'suggested_email'
    return decided(c, company, isGuess ? 'suggestion_confirmed' : (verdict ?? 'undone'), fact)
  })

  app.post('/:id/facts/:factId/correct', async (c) => {
    const company = await present(c)
    const values = await formValues(c)
    const corrected = found(await correctFact(db, { ...which(c, company), values }))
    if (corrected.ok) return decided(c, company, 'corrected', corrected.fact)
    const { factId } = which(c, company)
    return refused(
      c,
      company.id,
      { mode: 'correct', factId, form: { values, errors: {} } },
      corrected.problems,
    )
  })

  app.post('/:id/facts/:factId/restore', async (c) => {
    const company = await present(c)
    return decided(c, company, 'restored', found(await restoreFact(db, which(c, company))))
  })

  app.post('/:id/facts/:factId/merge', async (c) => {
    const company = await present(c)
    const values = await formValues(c)
    const { factId, userId } = which(c, company)
    const other = rowId.safeParse(values['other']).data ?? 0
    const [gone, kept] = values['keep'] === 'other' ? [factId, other] : [other, factId]
    const merged = await mergePeople(db, { companyId: company.id, factId: gone, intoId: kept, userId })
    if (merged?.ok) return decided(c, company, 'merged', merged.kept)
    const open: OpenForm = { mode: 'merge', factId, form: { values, errors: {} } }
    return refused(c, company.id, open, { other: merged?.problem ?? 'gone' })
  })

  app.post('/:id/facts/:factId/split', async (c) => {
    const company = await present(c)
    return decided(c, company, 'split', found(await splitPerson(db, which(c, company))))
  })

  app.post('/:id/facts/:factId/remove', async (c) => {
    const company = await present(c)
    return decided(c, company, 'removed', found(await removeContact(db, which(c, company))))
  })

  /** A company that can be changed: a deleted one cannot. */
  const present = async (c: Context<AppEnv>): Promise<Company> => {
    const company = found(await findCompany(db, idParam(c)))
    return found(company.deletedAt === null ? company : null)
  }

  return app
}

const which = (c: Context<AppEnv>, company: Company) => ({
  companyId: company.id,
  factId: idParam(c, 'factId'),
  userId: userIdOf(c),
})

/** The form that the address asks for: `?correct=ID`, `?merge=ID`, `?add=KIND`. */
const openForm = (c: Context<AppEnv>): OpenForm | null => {
  const kind = addedKind.safeParse(c.req.query('add')).data
  if (kind) return { mode: 'add', kind, form: emptyForm }
  for (const mode of ['correct', 'merge'] as const) {
    const factId = rowId.safeParse(c.req.query(mode)).data
    if (factId) return { mode, factId, form: emptyForm }
  }
  return null
}
