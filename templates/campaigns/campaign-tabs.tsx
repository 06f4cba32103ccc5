import type { PageContext } from '#templates/page.ts'
import { campaignTabTexts } from './tab-messages.ts'

const tabs = [
  { path: '/campaigns', label: 'campaigns' },
  { path: '/templates', label: 'templates' },
  { path: '/segments', label: 'segments' },
] as const

/** What belongs to campaigns, above the list of each. */
export const CampaignTabs = ({
  page,
  current,
}: {
  page: PageContext
  current: (typeof tabs)[number]['path']
}) => {
  const t = campaignTabTexts(page.locale)
  return (
    <nav class="d-flex flex-wrap gap-2 mb-3" aria-label={t.navigation}>
      {tabs.map(({ path, label }) => (
        <a
          class={path === current ? 'btn active' : 'btn'}
          href={path}
          aria-current={path === current ? 'page' : undefined}
        >
          {t[label]}
        </a>
      ))}
    </nav>
  )
}
