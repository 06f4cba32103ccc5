import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { formMessages } from '#templates/companies/form-messages.ts'
import { GroupsPage } from '#templates/companies/groups-page.tsx'
import { emptyForm, type FormState } from '#templates/page.ts'
import { countGroups, deleteGroup, insertGroup, isGroupNameTaken, updateGroup } from './queries-groups.ts'
import { formValues, found, idParam } from './read-request.ts'

const groupForm = z.object({
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(500).catch(''),
})

/** /groups: companies gathered by hand. */
export const groupRoutes = (deps: Pick<Deps, 'db'>): Hono<AppEnv> => {
  const { db } = deps
  const app = new Hono<AppEnv>()

  const show = async (c: Context<AppEnv>, form: FormState, editing: number, status: 200 | 422) =>
    c.html(
      <GroupsPage page={c.get('page')} groups={await countGroups(db)} form={form} editing={editing} />,
      status,
    )

  const refuse = (
    c: Context<AppEnv>,
    values: Record<string, string>,
    editing: number,
    why: 'groupNameRequired' | 'groupNameTaken',
  ) => {
    const errors = { name: formMessages(c.get('page').locale)[why] }
    return show(c, { values, errors }, editing, 422)
  }

  const back = (c: Context<AppEnv>, text: string) => {
    setFlash(c, 'success', text)
    return c.redirect('/groups', 303)
  }

  app.get('/', (c) => show(c, emptyForm, 0, 200))

  app.post('/', async (c) => {
    const values = await formValues(c)
    const read = groupForm.safeParse(values)
    if (!read.success) return refuse(c, values, 0, 'groupNameRequired')
    if (await isGroupNameTaken(db, read.data.name)) return refuse(c, values, 0, 'groupNameTaken')
    await insertGroup(db, read.data)
    return back(c, formMessages(c.get('page').locale).groupSaved)
  })

  app.post('/:id', async (c) => {
    const id = idParam(c)
    const values = await formValues(c)
    const read = groupForm.safeParse(values)
    if (!read.success) return refuse(c, values, id, 'groupNameRequired')
    if (await isGroupNameTaken(db, read.data.name, id)) return refuse(c, values, id, 'groupNameTaken')
    found((await updateGroup(db, id, read.data)) || null)
    return back(c, formMessages(c.get('page').locale).groupSaved)
  })

  app.post('/:id/delete', async (c) => {
    found((await deleteGroup(db, idParam(c))) || null)
    return back(c, formMessages(c.get('page').locale).groupDeleted)
  })

  return app
}
