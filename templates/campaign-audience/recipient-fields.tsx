import type { AudienceView } from '#src/campaigns/audience/view-audience.ts'
import type { PageContext } from '#templates/page.ts'
import { CountedZone } from './audience-fields.tsx'
import { audienceMessages, audienceText } from './messages.ts'
import { Boxes, Text, Tick } from './parts.tsx'

/** Which addresses of each company are written to, as part of any form that has the fields of the audience, shown or
 *  hidden (HiddenAudience): both are counted together. */
export const RecipientFields = ({ page, view }: { page: PageContext; view: AudienceView }) => {
  const t = audienceMessages(page.locale)
  const { rules, problems } = view
  const errorOf = (field: 'perCompany' | 'notContactedDays' | 'mostCompanies'): string | undefined =>
    problems[field] && t[problems[field]]
  return (
    <CountedZone>
      <h2 class="h3">{t.recipients}</h2>
      {/* Says that unticked boxes below are answers. */}
      <input type="hidden" name="rules" value="1" />
      <div class="row">
        <div class="col-sm-6">
          <Text
            name="perCompany"
            type="number"
            min={1}
            max={10}
            label={t.perCompany}
            value={rules.perCompany}
            hint={t.perCompanyHint}
            error={errorOf('perCompany')}
          />
        </div>
        <div class="col-sm-6">
          <Text
            name="notContactedDays"
            type="number"
            min={1}
            label={t.notContactedDays}
            value={rules.notContactedDays}
            hint={t.notContactedHint}
            error={errorOf('notContactedDays')}
          />
        </div>
        <div class="col-sm-6">
          <Text
            name="mostCompanies"
            type="number"
            min={1}
            label={t.mostCompanies}
            value={rules.mostCompanies ?? null}
            hint={t.mostHint}
            error={errorOf('mostCompanies')}
          />
        </div>
      </div>
      <Boxes
        name="roles"
        label={t.roles}
        chosen={rules.roles}
        options={view.options.roles.map((value) => ({
          value,
          text: audienceText(page.locale, 'role', value),
        }))}
      />
      <p class="text-secondary">{t.rolesHint}</p>
      <Tick
        name="freeProviders"
        label={t.freeProviders}
        checked={rules.freeProviders}
        hint={t.freeProvidersHint}
      />
      <Tick name="otherDomains" label={t.otherDomains} checked={rules.otherDomains ?? false} />
      <p class="text-secondary">{t.neverGuessed}</p>
    </CountedZone>
  )
}

/** An audience that is not changed on this page, carried along so that it can be counted: `fields` of audienceFields. */
export const HiddenAudience = ({ fields }: { fields: URLSearchParams }) => (
  <>
    {[...fields].map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
)
