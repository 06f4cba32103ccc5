import type { Db } from '#src/db/open.ts'
import { formatDay, type Locale } from '#src/lib/i18n.ts'
import { readTrackingSettings } from '#src/tracking/tracking-settings.ts'
import type { RegisterFacts } from '#templates/privacy/register-messages.ts'
import type { PrivacySettings } from './privacy-settings.ts'
import { countForRegister } from './queries-register.ts'

/** What the register of processing is written from: the settings that hold, and what there is. */
export const readRegister = async (
  db: Db,
  settings: PrivacySettings,
  { locale, now }: { locale: Locale; now: Date },
): Promise<RegisterFacts> => {
  const { opens, clicks, addresses, factMonths, eventMonths, bodyMonths } = await readTrackingSettings(db)
  return {
    ...settings,
    factMonths,
    eventMonths,
    bodyMonths,
    opens,
    clicks,
    addresses,
    ...(await countForRegister(db)),
    day: formatDay(locale, now),
  }
}
