/** Names that are not their code with a capital. */
const NAMES: Record<string, string> = {
  twitter: 'X (Twitter)',
  linkedin: 'LinkedIn',
  youtube: 'YouTube',
  tiktok: 'TikTok',
  whatsapp: 'WhatsApp',
  github: 'GitHub',
  gitlab: 'GitLab',
  soundcloud: 'SoundCloud',
  tripadvisor: 'Tripadvisor',
  xing: 'XING',
}

/** A social network as it writes itself. */
export const networkName = (network: string): string =>
  NAMES[network] ?? network.charAt(0).toUpperCase() + network.slice(1)
