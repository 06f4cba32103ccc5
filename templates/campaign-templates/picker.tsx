import type { PickedVariable } from '#src/campaigns/templates/sample-values.ts'
import { variableGroups, variableText } from '#src/campaigns/templates/variable-messages.ts'
import type { VariableGroup } from '#src/campaigns/templates/variables.ts'
import { Badge } from '#templates/components/badge.tsx'
import type { PageContext } from '#templates/page.ts'
import { templateMessages } from './messages.ts'

export type Picker = {
  variables: readonly PickedVariable[]
  findingNames: readonly string[]
}

/** Every variable with what it gives for one company, searched where scripts run. */
export const VariablePicker = ({ page, picker }: { page: PageContext; picker: Picker }) => {
  const t = templateMessages(page.locale)
  const groups = Object.entries(Object.groupBy(picker.variables, ({ group }) => group))
  return (
    <section class="card mb-3" aria-labelledby="variables-title">
      <div class="card-body">
        <h2 class="card-title" id="variables-title">
          {t.variables}
        </h2>
        <p class="text-secondary">{t.variablesHint}</p>
        <input
          class="form-control mb-2"
          type="search"
          aria-label={t.filterVariables}
          placeholder={t.filterVariables}
          data-filters="variables"
          autocomplete="off"
          hidden
        />
        <div id="variables" class="variable-list">
          {groups.map(([group, list]) => (
            <details class="mb-2" data-filter-group open={group === 'contact'}>
              <summary class="fw-bold">{variableGroups(page.locale)[group as VariableGroup]}</summary>
              <ul class="list-unstyled mt-2">
                {(list ?? []).map((variable) => (
                  <VariableItem page={page} variable={variable} />
                ))}
              </ul>
            </details>
          ))}
          <p class="text-secondary" data-filter-none hidden>
            {t.nothingFound}
          </p>
        </div>
        <details class="mb-2">
          <summary class="fw-bold">{t.findingTitle}</summary>
          <p class="mt-2">
            {t.findingHelp}{' '}
            <code class="text-break-all">
              title, meaning, fix, evidence, page, found_on, date, days, software…
            </code>
          </p>
          <p>
            <code class="text-break-all">
              {
                '{% if finding.tls_expires_soon %}{{ finding.tls_expires_soon.title }} : {{ finding.tls_expires_soon.date }}{% endif %}'
              }
            </code>
          </p>
          <p class="mb-1">{t.findingNames}</p>
          <p>
            <code class="text-break-all">{picker.findingNames.join(', ')}</code>
          </p>
        </details>
        <details>
          <summary class="fw-bold">{t.holdTitle}</summary>
          <p class="mt-2">{t.holdHelp}</p>
          <p>
            <code class="text-break-all">
              {'{% unless finding.tls_none %}{% hold "https" %}{% endunless %}'}
            </code>
          </p>
        </details>
      </div>
    </section>
  )
}

const VariableItem = ({ page, variable }: { page: PageContext; variable: PickedVariable }) => {
  const t = templateMessages(page.locale)
  const { name, insert, sample, old } = variable
  const text = variableText(page.locale, name)
  return (
    <li class="mb-2" data-filter-text={`${name} ${text}`.toLowerCase()}>
      <code class="user-select-all text-break-all">{insert}</code>
      {old && (
        <>
          {' '}
          <Badge colour="secondary">{t.oldName}</Badge>
        </>
      )}
      <div>{text}</div>
      <div class="text-secondary text-break-all">
        {sample === '' ? t.emptyHere : <bdi data-foreign>{sample}</bdi>}
      </div>
    </li>
  )
}
