import { z } from 'zod'
import type { Db } from '#src/db/open.ts'
import { readSetting, writeSetting } from '#src/operations/queries-settings.ts'
import { linkKeys, type LinkKeys } from './token.ts'

const SETTING = 'tracking'
const EDGE_KNOWS = 'edge_key_generation'
/** Three years: what the CNIL lets prospects be kept for after the last contact. */
const MAX_MONTHS = 36
export const MAX_GENERATION = 100
/** Keys that verify before any node signs with them, so that a new one needs no moment at which all learn of it. */
const KEYS_AHEAD = 2

const mode = z.enum(['off', 'aggregate', 'individual'])
const months = z.coerce.number().int().min(1).max(MAX_MONTHS)

export const trackingSettings = z.object({
  opens: mode.catch('aggregate'),
  clicks: mode.catch('individual'),
  /** How the address of a hit is kept once it has been judged. */
  addresses: z.enum(['whole', 'truncated', 'hashed']).catch('truncated'),
  /** Whether mails carry a link that no person sees. */
  honeypot: z.boolean().catch(false),
  /** After so many months: headers and addresses of hits go · hits go · the words of mails go. */
  factMonths: months.catch(13),
  eventMonths: months.catch(36),
  bodyMonths: months.catch(36),
  /** Which key signs new links; see linkKeys. */
  keyGeneration: z.number().int().min(1).max(MAX_GENERATION).catch(1),
})

/** How mails are tracked and how long what comes of it is kept. Defaults: CNIL deliberation 2026-042. */
export type TrackingSettings = z.output<typeof trackingSettings>

/** What holds; whatever is not set, or not any more a value, is its default. */
export const readTrackingSettings = async (db: Db): Promise<TrackingSettings> => {
  const stored = await readSetting(db, SETTING)
  return trackingSettings.parse(typeof stored === 'object' && stored !== null ? stored : {})
}

export const writeTrackingSettings = (db: Db, settings: TrackingSettings): Promise<void> =>
  writeSetting(db, SETTING, settings)

/** Remembers which keys the edge was given (`edge-env`). */
export const noteEdgeKeys = (
  db: Db,
  { keyGeneration }: Pick<TrackingSettings, 'keyGeneration'>,
): Promise<void> => writeSetting(db, EDGE_KNOWS, keyGeneration + KEYS_AHEAD)

/** Whether a key may be begun: an edge that does not know it would take no click and no unsubscribe of its links. */
export const mayBegin = async (db: Db, generation: number): Promise<boolean> => {
  const known = await readSetting(db, EDGE_KNOWS)
  return generation <= MAX_GENERATION && (typeof known !== 'number' || generation <= known)
}

/** The key new links are signed with, and the older ones. */
export const signingKeys = (
  secret: Buffer,
  { keyGeneration }: Pick<TrackingSettings, 'keyGeneration'>,
): LinkKeys => linkKeys(secret, keyGeneration)

/** Every key a link may have been signed with by the time it is followed: what the server and the edge verify by,
 *  the one that signs first. */
export const verifyingKeys = (
  secret: Buffer,
  { keyGeneration }: Pick<TrackingSettings, 'keyGeneration'>,
): LinkKeys => [
  ...linkKeys(secret, keyGeneration),
  ...linkKeys(secret, keyGeneration + KEYS_AHEAD).slice(0, KEYS_AHEAD),
]
