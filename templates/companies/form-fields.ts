import type { EditableField } from '#src/companies/company-form.ts'

type FieldType = { name: EditableField; type?: string; required?: boolean; autocomplete?: string }

/** How each editable field is typed. Plain text where people paste what no browser would accept as typed. */
export const editableFieldTypes: FieldType[] = [
  { name: 'name', required: true },
  { name: 'website', type: 'url' },
  { name: 'profileUrl', type: 'url' },
  { name: 'contactName' },
  { name: 'email', type: 'email' },
  { name: 'phone', type: 'tel' },
  { name: 'category' },
  { name: 'sector' },
  { name: 'address1' },
  { name: 'address2' },
  { name: 'postalCode' },
  { name: 'city' },
  { name: 'country' },
  { name: 'siren' },
  { name: 'siret' },
  { name: 'rating' },
  { name: 'reviewsCount' },
  { name: 'latitude' },
  { name: 'longitude' },
]
