import type { Child } from 'hono/jsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { campaignMessages } from './messages.ts'

export const wizardSteps = ['audience', 'recipients', 'messages', 'schedule', 'check'] as const
export type WizardStep = (typeof wizardSteps)[number]

type FrameProps = {
  page: PageContext
  campaign: { id: number; name: string }
  step: WizardStep
  children?: Child
  head?: Child
}

/** A step of making a campaign: all steps can be gone to at any time, as the draft keeps each. */
export const WizardFrame = ({ page, campaign, step, children, head }: FrameProps) => {
  const t = campaignMessages(page.locale)
  const at = wizardSteps.indexOf(step)
  return (
    <Layout page={page} title={campaign.name} pretitle={t.title} head={head}>
      <nav aria-label={t.steps} class="mb-3">
        <ol class="steps steps-counter steps-blue list-unstyled">
          {wizardSteps.map((one, place) => (
            <li class={place === at ? 'step-item active' : 'step-item'}>
              <a
                class="text-reset"
                href={`/campaigns/${campaign.id}/${one}`}
                aria-current={place === at ? 'step' : undefined}
                aria-label={t[`step_${one}`]}
              >
                <span class={place === at ? undefined : 'd-none d-sm-inline'}>{t[`step_${one}`]}</span>
              </a>
            </li>
          ))}
        </ol>
        <p class="text-secondary small text-center mb-0">{t.stepsDraft}</p>
      </nav>
      {children}
    </Layout>
  )
}
