import type { Deps } from '#src/deps.ts'
import type { InlineImage } from '#src/mail/compose-mail.ts'
import { base64Lines } from '#src/mail/transfer-encoding.ts'
import { compileMessage, type CompiledMessage } from '../templates/compile.ts'
import type { Campaign } from './ledger.ts'
import { findImages, findSendingCampaign, findVersions } from './queries-claim.ts'

const MAX_KNOWN = 50
const CID = /\bcid:([\w.-]{1,100})/g

/** What one variant says, ready to be rendered; null when it cannot be. */
export type Variant = { message: CompiledMessage; images: InlineImage[] } | null

export type KnownCampaign = Campaign & { compiled: Map<number, Variant> }

/** Campaigns as they are sent, read and compiled once and again when they were edited. */
export const knownCampaigns = ({ db, log }: Pick<Deps, 'db' | 'log'>) => {
  const known = new Map<number, KnownCampaign>()

  const load = async (id: number): Promise<KnownCampaign | null> => {
    const campaign = await findSendingCampaign(db, id)
    if (!campaign) return null
    const compiled = new Map<number, Variant>()
    for (const { id: variantId, position, subject, html, text } of campaign.variants) {
      const { locale } = campaign
      const made = await compileMessage({ subject, html, text, locale, isFollowUp: position > 0 })
      if (!made.ok) log.error('a message of a campaign cannot be read', { campaign: id, variant: variantId })
      compiled.set(variantId, made.ok ? { message: made.message, images: await imagesOf(html) } : null)
    }
    return { ...campaign, compiled }
  }

  const imagesOf = async (html: string): Promise<InlineImage[]> => {
    const keys = [...new Set([...html.matchAll(CID)].map(([, key = '']) => key))]
    return (await findImages(db, keys)).map(({ key, fileName, contentType, bytes }) => ({
      cid: key,
      type: contentType,
      fileName,
      body: base64Lines(bytes),
    }))
  }

  /** Those of these campaigns that are there, as they are now. */
  return async (ids: readonly number[]): Promise<Map<number, KnownCampaign>> => {
    const found = new Map<number, KnownCampaign>()
    for (const [id, version] of await findVersions(db, ids)) {
      const old = known.get(id)
      const campaign = old?.version === version ? old : await load(id)
      if (!campaign) continue
      known.delete(id)
      known.set(id, campaign)
      found.set(id, campaign)
    }
    for (const id of known.keys()) {
      if (known.size <= MAX_KNOWN) break
      known.delete(id)
    }
    return found
  }
}

export type KnownCampaigns = ReturnType<typeof knownCampaigns>
