import type { FormFact } from '../site-record.ts'

const PERSONAL_FIELD = /mail|tel|phone|nom|name|prenom|adresse|address|message/i
const PERSONAL_TYPE = new Set(['email', 'tel', 'textarea'])

/** True when a form asks for more than a search term. */
export const isPersonal = (form: Pick<FormFact, 'fields'>): boolean =>
  form.fields.some(
    (field) => PERSONAL_TYPE.has(field.type.toLowerCase()) || PERSONAL_FIELD.test(field.name),
  ) && !form.fields.every((field) => /^(hidden|submit|search)$/i.test(field.type))
