import { type CountryCode, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'
import type { PhoneFact } from '../site-record.ts'

const OVERSEAS_CODE: Record<string, string> = {
  '262': '262',
  '263': '262',
  '269': '262',
  '639': '262',
  '692': '262',
  '693': '262',
  '590': '590',
  '690': '590',
  '691': '590',
  '594': '594',
  '694': '594',
  '596': '596',
  '696': '596',
  '697': '596',
}

/** A valid number however written, of `region` unless it says otherwise; null for placeholders and anything else. */
export function parseNumber(raw: string, region: CountryCode = 'FR'): PhoneNumber | null {
  let text = raw.replace(/[([]0[)\]]/g, '').replace(/[^\d+]/g, '')
  if (text.startsWith('00')) text = `+${text.slice(2)}`
  if (/^33\d{9}$/.test(text)) text = `+${text}`
  text = text.replace(/^\+330(?=\d{9}$)/, '+33')
  if (text.length < (region === 'FR' ? 9 : 6) || text.length > 16 || isPlaceholder(text)) return null
  const overseas = region === 'FR' ? overseasNumber(text) : null
  if (overseas) return overseas
  const number = parsePhoneNumberFromString(text, region)
  return number?.isValid() ? number : null
}

/** 0262… is dialled like any French number but belongs to +262: overseas departments have codes of their own. */
function overseasNumber(text: string): PhoneNumber | null {
  const national = /^(?:\+33|0)((?:262|263|269|590|594|596|639|690|691|692|693|694|696|697)\d{6})$/.exec(
    text,
  )?.[1]
  if (!national) return null
  const number = parsePhoneNumberFromString(`+${OVERSEAS_CODE[national.slice(0, 3)]}${national}`)
  return number?.isValid() ? number : null
}

function isPlaceholder(digits: string): boolean {
  const national = digits.replace(/^\+33/, '0').replace(/^\+/, '')
  if (
    /^0(\d)(?:\1){8}$/.test(national) ||
    (/^0\d(\d\d)\1{3}$/.test(national) && /^0[1-9](?:00|99){4}$/.test(national))
  )
    return true
  // What themes show: +1 234 567 8900, 123-456-7890
  if (/^1?(?:1234567890|2345678900|2345678901)$/.test(national)) return true
  return ['0123456789', '0102030405', '0612345678', '0987654321', '0405060708'].includes(national)
}

/** The kind of line a number belongs to. */
export function typeOf(number: PhoneNumber): PhoneFact['type'] {
  switch (number.getType()) {
    case 'FIXED_LINE':
    case 'FIXED_LINE_OR_MOBILE':
      return 'fixed'
    case 'MOBILE':
      return 'mobile'
    case 'TOLL_FREE':
      return 'tollfree'
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
      return 'premium'
    default:
      return 'other'
  }
}
