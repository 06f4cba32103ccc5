import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Layout } from '#templates/layout.tsx'
import { emptyForm, type FormState, type PageContext } from '#templates/page.ts'
import { formMessages } from './form-messages.ts'

type GroupRow = { id: number; name: string; description: string; count: number }

/** `editing` is the group whose form was refused, 0 the new one. */
export const GroupsPage = (props: {
  page: PageContext
  groups: GroupRow[]
  form: FormState
  editing: number
}) => {
  const { page, groups, form, editing } = props
  const t = formMessages(page.locale)
  return (
    <Layout page={page} title={t.groupsTitle}>
      <form class="card mb-3" method="post" action="/groups" novalidate>
        <div class="card-body">
          <h2 class="h3">{t.newGroup}</h2>
          <CsrfField token={page.csrf} />
          <div class="row">
            <div class="col-sm-5">
              <Field name="name" label={t.groupName} form={editing === 0 ? form : emptyForm} required />
            </div>
            <div class="col-sm-7">
              <Field name="description" label={t.groupDescription} form={editing === 0 ? form : emptyForm} />
            </div>
          </div>
          <button class="btn btn-primary" type="submit">
            {t.create}
          </button>
        </div>
      </form>
      {groups.length === 0 && <EmptyState icon="users" title={t.groupsEmptyTitle} text={t.groupsEmptyText} />}
      {groups.map((group) => (
        <Group page={page} group={group} form={editing === group.id ? form : emptyForm} />
      ))}
    </Layout>
  )
}

const Group = ({ page, group, form }: { page: PageContext; group: GroupRow; form: FormState }) => {
  const t = formMessages(page.locale)
  const error = form.errors['name']
  return (
    <div class="card mb-2">
      <div class="card-body">
        <div class="d-flex flex-wrap gap-2 justify-content-between mb-2">
          <a class="h3 mb-0 text-break-all" href={`/companies?group=${group.id}`}>
            {group.name}
          </a>
          <span class="text-secondary">{t.companies(group.count)}</span>
        </div>
        <div class="d-flex flex-wrap gap-2">
          <form
            class="d-flex flex-wrap gap-2 flex-fill"
            method="post"
            action={`/groups/${group.id}`}
            novalidate
          >
            <CsrfField token={page.csrf} />
            <div class="flex-fill">
              <input
                class={error ? 'form-control is-invalid' : 'form-control'}
                name="name"
                value={form.values['name'] ?? group.name}
                aria-label={t.groupName}
                aria-invalid={error ? 'true' : undefined}
              />
              {error && <div class="invalid-feedback">{error}</div>}
            </div>
            <input
              class="form-control flex-fill w-auto"
              name="description"
              value={form.values['description'] ?? group.description}
              aria-label={t.groupDescription}
            />
            <button class="btn" type="submit">
              {t.rename}
            </button>
          </form>
          <form method="post" action={`/groups/${group.id}/delete`} data-confirm={t.deleteGroupConfirm}>
            <CsrfField token={page.csrf} />
            <button class="btn" type="submit">
              {t.deleteGroup}
            </button>
          </form>
        </div>
      </div>
    </div>
  )
}
