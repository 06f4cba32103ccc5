// What the existing product means by its coarse levels; any other value stands for itself.
const LEVELS: Record<string, readonly string[]> = {
  Gagné: ['Gagné', 'Réponse positive'],
  Perdu: ['Perdu', 'Réponse négative', 'Bounce', 'Désabonné', 'Ne pas contacter', 'Plainte spam'],
  Relance: ['Relance', 'Nouveau', 'À qualifier', 'À rappeler'],
}

/** The statuses that the parameter `statut` asks for. */
export const expandStatus = (statut: string): readonly string[] =>
  Object.hasOwn(LEVELS, statut) ? LEVELS[statut]! : [statut]

/** The routes that give a company one status, and which. */
export const STATUS_ROUTES = [
  { path: 'unsubscribe', statut: 'Désabonné' },
  { path: 'negative-reply', statut: 'Réponse négative' },
  { path: 'positive-reply', statut: 'Réponse positive' },
  { path: 'bounce', statut: 'Bounce' },
  { path: 'spam-complaint', statut: 'Plainte spam' },
  { path: 'do-not-contact', statut: 'Ne pas contacter' },
  { path: 'callback', statut: 'À rappeler' },
] as const
