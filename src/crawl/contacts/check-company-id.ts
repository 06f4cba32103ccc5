import { isCompanyId } from '#src/companies/import/recognise-content.ts'

export type IdCheck = {
  /** Null where the number has none */
  checksum: boolean | null
  /** Against the company's record; null when that has no such number */
  record: 'same' | 'differs' | null
}

const SIREN_LENGTH = 9
const FRENCH_VAT = /^FR(\d{2})(\d{9})$/

/** Whether a number given by a site (`siret:73282932000074`) is right by its check digits, and the record's. */
export const checkCompanyId = (
  id: string,
  record: { siren: string | null; siret: string | null },
): IdCheck => {
  const [, kind = '', value = ''] = /^([a-z]+):(.*)$/.exec(id) ?? []
  const siren = sirenOf(kind, value)
  const known = record.siren ?? record.siret?.slice(0, SIREN_LENGTH) ?? null
  const whole = kind === 'siret' && record.siret !== null
  const same = whole ? record.siret === value : known === siren
  return {
    checksum: checksumOf(kind, value, siren),
    record: siren === null || known === null ? null : same ? 'same' : 'differs',
  }
}

const sirenOf = (kind: string, value: string): string | null => {
  if (kind === 'vat') return FRENCH_VAT.exec(value)?.[2] ?? null
  const digits = /\d{9}/.exec(value.replace(/[\s.]/g, ''))?.[0] ?? null
  return kind === 'rcs' || kind === 'siren' || kind === 'siret' ? digits : null
}

const checksumOf = (kind: string, value: string, siren: string | null): boolean | null => {
  if (siren === null) return null
  if (kind === 'siret') return isCompanyId(value)
  const key = FRENCH_VAT.exec(value)?.[1]
  const isKeyRight = key === undefined || Number(key) === (12 + 3 * (Number(siren) % 97)) % 97
  return isCompanyId(siren) && isKeyRight
}
