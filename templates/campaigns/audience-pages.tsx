import type { RecipientRules } from '#src/campaigns/audience/audience.ts'
import type { AudienceCount as Count } from '#src/campaigns/audience/queries-audience.ts'
import type { AudienceView } from '#src/campaigns/audience/view-audience.ts'
import { AudienceCount } from '#templates/campaign-audience/audience-count.tsx'
import { AudienceFields } from '#templates/campaign-audience/audience-fields.tsx'
import { HiddenAudience, RecipientFields } from '#templates/campaign-audience/recipient-fields.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { campaignMessages } from './messages.ts'
import { WizardFrame } from './wizard-frame.tsx'

type PageProps = {
  page: PageContext
  campaign: { id: number; name: string }
  view: AudienceView
  count: Count
  form: FormState
}

/** Who gets the campaign. */
export const AudiencePage = ({ page, campaign, view, count, form }: PageProps) => {
  const t = campaignMessages(page.locale)
  return (
    <WizardFrame page={page} campaign={campaign} step="audience">
      <p class="text-secondary">{t.audienceIntro}</p>
      <form method="post" action={`/campaigns/${campaign.id}/audience`} novalidate>
        <CsrfField token={page.csrf} />
        <HiddenRules rules={view.rules} />
        <div class="row row-cards">
          <div class="col-lg-7">
            <div class="card">
              <div class="card-body">
                <Field
                  name="name"
                  label={t.name}
                  hint={t.nameHint}
                  form={form}
                  value={campaign.name}
                  autocomplete="off"
                  required
                />
                <AudienceFields page={page} view={view} />
              </div>
            </div>
          </div>
          <div class="col-lg-5">
            <AudienceCount page={page} count={count} />
          </div>
        </div>
        <Buttons page={page} back="/campaigns" />
      </form>
    </WizardFrame>
  )
}

/** Which of their addresses. */
export const RecipientsPage = (props: Omit<PageProps, 'form'> & { fields: URLSearchParams }) => {
  const { page, campaign, view, count, fields } = props
  const t = campaignMessages(page.locale)
  return (
    <WizardFrame page={page} campaign={campaign} step="recipients">
      <p class="text-secondary">{t.recipientsIntro}</p>
      <form method="post" action={`/campaigns/${campaign.id}/recipients`} novalidate>
        <CsrfField token={page.csrf} />
        <HiddenAudience fields={fields} />
        <div class="row row-cards">
          <div class="col-lg-7">
            <div class="card">
              <div class="card-body">
                <RecipientFields page={page} view={view} />
              </div>
            </div>
          </div>
          <div class="col-lg-5">
            <AudienceCount page={page} count={count} />
          </div>
        </div>
        <Buttons page={page} back={`/campaigns/${campaign.id}/audience`} />
      </form>
    </WizardFrame>
  )
}

const HiddenRules = ({ rules }: { rules: RecipientRules }) => (
  <>
    <input type="hidden" name="rules" value="1" />
    <input type="hidden" name="perCompany" value={String(rules.perCompany)} />
    {rules.roles.map((role) => (
      <input type="hidden" name="roles" value={role} />
    ))}
    {rules.freeProviders && <input type="hidden" name="freeProviders" value="1" />}
    {rules.otherDomains && <input type="hidden" name="otherDomains" value="1" />}
    <input type="hidden" name="notContactedDays" value={String(rules.notContactedDays ?? '')} />
    <input type="hidden" name="mostCompanies" value={String(rules.mostCompanies ?? '')} />
  </>
)

const Buttons = ({ page, back }: { page: PageContext; back: string }) => {
  const t = campaignMessages(page.locale)
  return (
    <div class="d-flex flex-wrap gap-2 justify-content-end mt-3">
      <a class="btn" href={back}>
        {t.back}
      </a>
      <button class="btn" type="submit" name="do" value="stay">
        {t.recount}
      </button>
      <button class="btn btn-primary" type="submit" name="do" value="next">
        {t.saveNext}
      </button>
    </div>
  )
}
