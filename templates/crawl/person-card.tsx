import type { ContactsView, ViewedFact } from '#src/crawl/contacts/view-contacts.ts'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { visible } from '#templates/html.ts'
import { Action, FactActions } from './fact-actions.tsx'
import type { ContactsProps } from './contacts.tsx'
import { contactMessages, roleKindText } from './contact-messages.ts'
import { Confidence, Crawled, FactBadges, FactItem, Why } from './fact-item.tsx'
import { CorrectForm, MergeForm } from './fact-forms.tsx'

type Group = ContactsView['people'][number]

/** A person with every way to reach them. */
export const PersonCard = ({ view, group }: { view: ContactsProps; group: Group }) => {
  const { page, open } = view
  const { person, merged, emails, phones } = group
  const t = contactMessages(page.locale)
  const linkedin = [person, ...merged]
    .map(({ data }) => data['linkedin'])
    .find((url) => typeof url === 'string')
  const mode = open && open.mode !== 'add' && open.factId === person.id ? open.mode : null
  return (
    <article class="card h-100" id={`fact-${person.id}`}>
      <div class="card-body">
        <div class="d-flex flex-wrap gap-2 align-items-baseline">
          <h3 class="m-0 text-break-all">
            <Crawled>{person.value}</Crawled>
          </h3>
          <FactBadges view={view} fact={person} />
        </div>
        <Role view={view} person={person} />
        {merged.length > 0 && (
          <div class="text-secondary small text-break-all">
            {t.mergedBadge(merged.map(({ value }) => visible(value)).join(', '))}
          </div>
        )}
        {typeof linkedin === 'string' && <OutsideLink url={linkedin}>LinkedIn</OutsideLink>}
        {person.method !== 'manual' && (
          <div class="small">
            <Confidence view={view} fact={person} />
          </div>
        )}
        <Why view={view} fact={person} />
        {mode === 'correct' && <CorrectForm view={view} fact={person} form={open!.form} />}
        {mode === 'merge' && <MergeForm view={view} fact={person} form={open!.form} />}
        {mode === null && <FactActions view={view} fact={person} />}
        {view.company.deletedAt === null && merged.length > 0 && (
          <div class="d-flex flex-wrap gap-1 mt-1">
            {merged.map((other) => (
              <Action view={view} fact={other} action="/split" text={t.split(visible(other.value))} />
            ))}
          </div>
        )}
        {[...emails, ...phones].map((fact) => (
          <div class="border-top mt-2">
            <FactItem view={view} fact={fact} />
          </div>
        ))}
      </div>
    </article>
  )
}

const Role = ({ view, person }: { view: ContactsProps; person: ViewedFact }) => {
  const { role, roleKind } = person.data
  const kind =
    typeof roleKind === 'string' && roleKind !== 'other' ? roleKindText(view.page.locale, roleKind) : ''
  const said = typeof role === 'string' ? visible(role) : ''
  if (!said && !kind) return null
  return (
    <div class="text-break-all">
      {said && <bdi>{said}</bdi>}
      {kind && <span class="text-secondary">{said ? ` · ${kind}` : kind}</span>}
    </div>
  )
}
