import { z } from 'zod'

const MAX_ID = 2_147_483_647
const MAX_TEXT = 500

/** A number of the path (`:id`). What is none is answered 404. */
export const pathId = z
  .string()
  .regex(/^[1-9]\d{0,9}$/)
  .transform(Number)
  .refine((id) => id <= MAX_ID)
  .meta({ type: 'integer', minimum: 1, maximum: MAX_ID })

type Range = { min?: number; max?: number }

/** An optional whole number of the query: `fallback` when it is missing or none, moved into its range as the existing
 *  product does. */
export const wholeParam = <F extends number | null>(fallback: F, { min = 0, max = MAX_ID }: Range = {}) =>
  z
    .string()
    .optional()
    .transform((text): number | F =>
      /^\s*-?\d{1,15}\s*$/.test(text ?? '') ? Math.min(max, Math.max(min, Number(text))) : fallback,
    )
    .meta({
      type: 'integer',
      minimum: min,
      maximum: max,
      ...(fallback === null ? {} : { description: `${fallback} by default; moved into its range.` }),
    })

/** An optional decimal number of the query, like `wholeParam`. */
export const decimalParam = <F extends number | null>(fallback: F, { min, max }: Range = {}) =>
  z
    .string()
    .optional()
    .transform((text): number | F =>
      /^\s*-?\d{1,9}(\.\d{1,15})?\s*$/.test(text ?? '')
        ? Math.min(max ?? Infinity, Math.max(min ?? -Infinity, Number(text)))
        : fallback,
    )
    .meta({
      type: 'number',
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
      ...(fallback === null ? {} : { description: `${fallback} by default; moved into its range.` }),
    })

/** An optional text of the query, trimmed; null when missing or empty, cut at `max` characters. */
export const textParam = (max = MAX_TEXT) =>
  z
    .string()
    .optional()
    .transform((text) => text?.trim().slice(0, max).toWellFormed() || null)
    .meta({ type: 'string', maxLength: max })

/** An optional switch of the query: 1, true, yes, on or oui. */
export const flagParam = (fallback = false) =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined ? fallback : /^\s*(1|true|yes|on|oui)\s*$/i.test(text)))
    .meta({ type: 'boolean', description: `${fallback ? 'On' : 'Off'} by default.` })

/** For the document: a parameter that the endpoint itself asks for, in its own words, when it is missing. */
export const needed = <T extends z.ZodType>(param: T): T => param.meta({ required: true })
