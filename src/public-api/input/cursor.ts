import { z } from 'zod'

const MAX_CURSOR = 400

export type CursorValue = string | number | null

/** Where a list goes on: the sort values of its last row, as one opaque word for `next_cursor`. */
export const makeCursor = (values: CursorValue[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

/** The optional `cursor` of the query as the values `shape` describes; undefined when there is none. What no list has
 *  given out is answered 400. */
export const cursorParam = <T extends CursorValue[]>(shape: z.ZodType<T>) =>
  z
    .string()
    .max(MAX_CURSOR)
    .optional()
    .transform((text, context): T | undefined => {
      if (text === undefined || text === '') return undefined
      const read = shape.safeParse(parse(text))
      if (read.success) return read.data
      context.addIssue({ code: 'custom', message: 'Paramètre « cursor » invalide.' })
      return z.NEVER
    })
    .meta({
      type: 'string',
      description: 'The `next_cursor` of the page before; then `offset` does not count.',
    })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8').replaceAll('\\u0000', ''))
  } catch {
    return null
  }
}
