import { sql, type SQL } from 'drizzle-orm'

/** A parameter of type int[]: Drizzle writes a list out as one parameter for each of its values.
 *  The planner sees how many they are. */
export const intArray = (values: readonly number[]): SQL => sql`${`{${values.join(',')}}`}::int[]`

/** A parameter of type text[]. */
export const textArray = (values: readonly string[]): SQL =>
  sql`${`{${values.map((value) => `"${value.replace(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`}::text[]`
