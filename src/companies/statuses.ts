/** Statuses and CRM stages as the existing product names them: French values are data that other programs
 *  read (reference: statuses and stages, in the order of the kanban columns). `colour` draws the column's
 *  dot, `badge` is the nearest colour name of the design system. */
export const statuses = [
  { value: 'Nouveau', colour: '#64748b', badge: 'secondary', nature: 'pipeline' },
  { value: 'À qualifier', colour: '#2563eb', badge: 'blue', nature: 'pipeline' },
  { value: 'Relance', colour: '#d97706', badge: 'orange', nature: 'pipeline' },
  { value: 'À rappeler', colour: '#f59e0b', badge: 'yellow', nature: 'pipeline' },
  { value: 'Gagné', colour: '#16a34a', badge: 'green', nature: 'outcome' },
  { value: 'Perdu', colour: '#dc2626', badge: 'red', nature: 'outcome' },
  { value: 'Réponse positive', colour: '#15803d', badge: 'teal', nature: 'event' },
  { value: 'Réponse négative', colour: '#b91c1c', badge: 'red', nature: 'event' },
  { value: 'Bounce', colour: '#9333ea', badge: 'purple', nature: 'deliverability' },
  { value: 'Désabonné', colour: '#6b7280', badge: 'secondary', nature: 'deliverability' },
  { value: 'Plainte spam', colour: '#991b1b', badge: 'red', nature: 'deliverability' },
  { value: 'Ne pas contacter', colour: '#111827', badge: 'dark', nature: 'deliverability' },
] as const

export const stages = [
  { value: 'À prospecter', colour: '#64748b', badge: 'secondary' },
  { value: 'Contacté', colour: '#2563eb', badge: 'blue' },
  { value: 'RDV', colour: '#9333ea', badge: 'purple' },
  { value: 'Proposition', colour: '#ea580c', badge: 'orange' },
  { value: 'Gagné', colour: '#16a34a', badge: 'green' },
  { value: 'Perdu', colour: '#dc2626', badge: 'red' },
] as const

export type Status = (typeof statuses)[number]['value']
export type Stage = (typeof stages)[number]['value']

export const statusValues = statuses.map(({ value }) => value)
export const stageValues = stages.map(({ value }) => value)

export const isStatus = (value: string): value is Status => statusValues.some((known) => known === value)
export const isStage = (value: string): value is Stage => stageValues.some((known) => known === value)

/** Levels of the score (scoring/levels.ts), best prospect first, then those outside the scale. A company never
 *  scored has none (null in its row). */
export const scoreLevels = [
  'very-high',
  'high',
  'medium',
  'low',
  'very-low',
  'parked',
  'unreachable',
  'unread',
  'excluded',
] as const

export const crawlStates = ['never', 'queued', 'running', 'done', 'failed'] as const
