import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { Icon } from '#templates/components/icon.tsx'
import type { PageContext } from '#templates/page.ts'
import { privacyMessages } from './messages.ts'
import { registerTitle, type RegisterSection } from './register-messages.ts'

const PATH = '/settings/privacy'

/** The register of processing, to read, print or download. */
export const RegisterPage = ({
  page,
  sections,
}: {
  page: PageContext
  sections: readonly RegisterSection[]
}) => {
  const t = privacyMessages(page.locale)
  return (
    <SettingsFrame page={page} current={PATH}>
      <p class="d-print-none d-flex flex-wrap gap-2 justify-content-between">
        <a href={PATH}>
          <Icon name="chevronLeft" /> {t.registerBack}
        </a>
        <a class="btn btn-sm" href={`${PATH}/register.md`}>
          <Icon name="download" /> {t.registerDownload}
        </a>
      </p>
      <div class="card">
        <div class="card-body">
          <h2>{registerTitle(page.locale)}</h2>
          {sections.map(({ title, lines }) => (
            <>
              <h3>{title}</h3>
              <ul>
                {lines.map((line) => (
                  <li>{line}</li>
                ))}
              </ul>
            </>
          ))}
        </div>
      </div>
    </SettingsFrame>
  )
}
