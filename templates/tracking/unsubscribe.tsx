import type { Locale } from '#src/lib/i18n.ts'
import { publicMessages } from './messages.ts'
import { PublicPage } from './page.tsx'

const MAX_REASON = 500

/** The same for every token, real or not: it says nothing about anybody. */
export const UnsubscribePage = ({ locale }: { locale: Locale }) => {
  const t = publicMessages(locale)
  return (
    <PublicPage locale={locale} title={t.unsubscribeTitle}>
      <p>{t.unsubscribeText}</p>
      <form method="post">
        <div role="radiogroup" aria-label={t.unsubscribeTitle}>
          <label>
            <input type="radio" name="scope" value="all" checked /> {t.scopeAll}
          </label>
          <label>
            <input type="radio" name="scope" value="campaign" /> {t.scopeCampaign}
          </label>
        </div>
        <label>
          <input type="checkbox" name="consent" value="withdraw" /> {t.alsoConsent}
        </label>
        <label>
          {t.reasonLabel}
          <textarea name="reason" maxlength={MAX_REASON} />
        </label>
        <button type="submit">{t.unsubscribeButton}</button>
      </form>
      <h2>{t.consentTitle}</h2>
      <p>{t.consentText}</p>
      <form method="post">
        <input type="hidden" name="only" value="consent" />
        <button type="submit">{t.consentButton}</button>
      </form>
    </PublicPage>
  )
}

export const UnsubscribeDone = ({ locale, consentOnly }: { locale: Locale; consentOnly: boolean }) => {
  const t = publicMessages(locale)
  return (
    <PublicPage locale={locale} title={t.doneTitle}>
      <p>{consentOnly ? t.consentDoneText : t.doneText}</p>
    </PublicPage>
  )
}

/** Neither the disk nor the database took it: said plainly, so that it is tried again. */
export const UnsubscribeFailed = ({ locale }: { locale: Locale }) => {
  const t = publicMessages(locale)
  return (
    <PublicPage locale={locale} title={t.failedTitle}>
      <p>{t.failedText}</p>
    </PublicPage>
  )
}
