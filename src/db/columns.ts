import { customType, timestamp } from 'drizzle-orm/pg-core'

/** A column of bytes. */
export const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

/** A moment, with its time zone. */
export const at = (name: string) => timestamp(name, { withTimezone: true })
