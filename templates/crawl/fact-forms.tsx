import type { Child } from 'hono/jsx'
import type { ViewedFact } from '#src/crawl/contacts/view-contacts.ts'
import { emailKindText } from '#templates/companies/messages.ts'
import { readablePhone } from '#templates/companies/readable.ts'
import { Choice } from '#templates/components/choice.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState } from '#templates/page.ts'
import { visible } from '#templates/html.ts'
import type { ContactsProps } from './contacts.tsx'
import { contactMessages, roleKindMessages } from './contact-messages.ts'
import { phoneTypeText } from './messages.ts'

type Fields = Record<string, string>
type FormProps = { view: ContactsProps; form: FormState }

/** The form that puts one fact right. */
export const CorrectForm = ({ view, fact, form }: FormProps & { fact: ViewedFact }) => (
  <FactForm view={view} path={`/facts/${fact.id}/correct`} back={`#fact-${fact.id}`}>
    <FactFields view={view} kind={fact.kind} form={form} values={valuesOf(view, fact)} />
  </FactForm>
)

/** The form that adds a contact of this kind by hand. */
export const AddForm = ({ view, form, kind }: FormProps & { kind: 'email' | 'phone' | 'person' }) => {
  const t = contactMessages(view.page.locale)
  return (
    <section class="mb-4" aria-label={t[`addTitle_${kind}`]}>
      <h2 class="h3">{t[`addTitle_${kind}`]}</h2>
      <p class="text-secondary">{t.addHint}</p>
      <FactForm view={view} path="/facts" back="">
        <input type="hidden" name="add" value={kind} />
        <FactFields view={view} kind={kind} form={form} values={{}} />
      </FactForm>
    </section>
  )
}

/** The form that makes one of two persons. */
export const MergeForm = ({ view, fact, form }: FormProps & { fact: ViewedFact }) => {
  const t = contactMessages(view.page.locale)
  const others = view.contacts.people.filter(({ person }) => person.id !== fact.id)
  const keep = form.values['keep'] ?? 'this'
  return (
    <FactForm view={view} path={`/facts/${fact.id}/merge`} back={`#fact-${fact.id}`}>
      <p class="mb-2">
        <strong>{t.mergeTitle(visible(fact.value))}</strong>
      </p>
      <p class="text-secondary small">{t.mergeHint}</p>
      <Choice
        name="other"
        label={t.mergeOther}
        form={form}
        value={String(others[0]?.person.id ?? '')}
        options={others.map(({ person }) => ({ value: String(person.id), label: visible(person.value) }))}
        autofocus
      />
      <fieldset class="mb-3">
        <legend class="form-label">{t.mergeKeep}</legend>
        {[
          ['this', visible(fact.value)],
          ['other', t.mergeOther],
        ].map(([value, label]) => (
          <label class="form-check">
            <input class="form-check-input" type="radio" name="keep" value={value} checked={keep === value} />
            <span class="form-check-label">{label}</span>
          </label>
        ))}
      </fieldset>
    </FactForm>
  )
}

const FactForm = (props: { view: ContactsProps; path: string; back: string; children?: Child }) => {
  const { page, company } = props.view
  const t = contactMessages(page.locale)
  const path = `/companies/${company.id}${props.path}`
  const contacts = `/companies/${company.id}/contacts`
  return (
    <form class="border rounded p-3 my-2 fact-form" method="post" action={path} hx-post={path} novalidate>
      <CsrfField token={page.csrf} />
      {props.children}
      <div class="d-flex flex-wrap gap-2">
        <button class="btn btn-primary" type="submit">
          {t.save}
        </button>
        <a class="btn" href={`${contacts}${props.back}`} hx-get={contacts}>
          {t.cancel}
        </a>
      </div>
    </form>
  )
}

const FactFields = (props: FormProps & { kind: string; values: Fields }) => {
  const { view, kind, form, values } = props
  const { locale } = view.page
  const t = contactMessages(locale)
  const field = (name: string, label: string, rest: { required?: boolean; autofocus?: boolean } = {}) => (
    <Field name={name} label={label} form={form} value={values[name] ?? ''} autocomplete="off" {...rest} />
  )
  const select = (name: string, label: string, options: [string, string][]) => (
    <Choice
      name={name}
      label={label}
      form={form}
      value={values[name] ?? ''}
      options={options.map(([value, text]) => ({ value, label: text }))}
    />
  )
  if (kind === 'address')
    return (
      <>
        {field('street', t.street, { autofocus: true })}
        {field('postalCode', t.postalCode)}
        {field('city', t.city)}
        {field('country', t.country)}
      </>
    )
  if (kind === 'person')
    return (
      <>
        {field('value', t.name, { required: true, autofocus: true })}
        {field('role', t.role)}
        {select('roleKind', t.roleKind, [['', t.unknown], ...Object.entries(roleKindMessages(locale))])}
      </>
    )
  if (kind === 'phone')
    return (
      <>
        {field('value', t.phone, { required: true, autofocus: true })}
        <label class="form-check mb-3">
          <input
            class="form-check-input"
            type="checkbox"
            name="fax"
            value="1"
            checked={(form.values['fax'] ?? (isSent(form) ? '' : values['fax'])) === '1'}
          />
          <span class="form-check-label">{t.fax}</span>
        </label>
        {select('kind', t.whose, [
          ['', t.ofCompany],
          ...(['agency', 'thirdparty'] as const).map((one): [string, string] => [
            one,
            phoneTypeText(locale, one),
          ]),
        ])}
        {select('person', t.belongsTo, owners(view))}
      </>
    )
  return (
    <>
      {field('value', t.email, { required: true, autofocus: true })}
      {select(
        'kind',
        t.kind,
        ['person', 'role', 'agency', 'thirdparty'].map((one) => [one, emailKindText(locale, one)]),
      )}
      {select('person', t.belongsTo, owners(view))}
    </>
  )
}

const isSent = (form: FormState): boolean => Object.keys(form.values).length > 0

const owners = ({ page, contacts }: ContactsProps): [string, string][] => [
  ['', contactMessages(page.locale).nobody],
  ...contacts.people.map(({ person }): [string, string] => [person.key, visible(person.value)]),
]

/** What the form starts with. */
const valuesOf = ({ contacts }: ContactsProps, fact: ViewedFact): Fields => {
  const holder = contacts.people.find(({ emails, phones }) =>
    [...emails, ...phones].some(({ id }) => id === fact.id),
  )
  const texts = Object.entries(fact.data).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return {
    ...Object.fromEntries(texts),
    value: fact.kind === 'phone' ? readablePhone(fact.value) : fact.value,
    fax: fact.data['type'] === 'fax' ? '1' : '',
    person: holder?.person.key ?? '',
  }
}
