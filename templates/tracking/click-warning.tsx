import type { Locale } from '#src/lib/i18n.ts'
import { publicMessages } from './messages.ts'
import { PublicPage } from './page.tsx'

/** For a link that leads nowhere; an address it names is shown as text, to be judged by its reader. */
export const ClickWarning = ({ locale, url }: { locale: Locale; url: string | null }) => {
  const t = publicMessages(locale)
  return (
    <PublicPage locale={locale} title={t.clickTitle}>
      <p>{t.clickText}</p>
      {url !== null && (
        <p>
          {t.clickTarget}
          <br />
          <code>{url}</code>
        </p>
      )}
    </PublicPage>
  )
}
