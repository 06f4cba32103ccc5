import { catalogue, formatNumber, plural, type Locale } from '#src/lib/i18n.ts'
import { budgetBounds, MEGABYTE, type BudgetField } from './crawl-budget.ts'
import type { CrawlBudget } from './schema.ts'

const fr = (value: number) => formatNumber('fr', value)
const en = (value: number) => formatNumber('en', value)

/** Texts of what crawling a site may cost. */
export const budgetTexts = catalogue({
  fr: {
    title: 'Étendue de la visite',
    own: 'Étendue de la visite : celle de chaque fiche',
    quick: 'Rapide',
    standard: 'Normale',
    thorough: 'Approfondie',
    option: (name: string, pages: number) => `${name} (${fr(pages)} pages au plus)`,
    custom: 'réglée à la main',
    quickMeans: 'Rapide : l’accueil, le contact et les mentions légales, pour trier une longue liste.',
    standardMeans: 'Normale : qui contacter et ce qui est faible, pour la plupart des sites.',
    thoroughMeans: 'Approfondie : toutes les personnes d’un grand site ; bien plus long.',
    more: 'Régler plus finement',
    moreHint: 'Un champ vide garde la valeur de l’étendue choisie.',
    pages: 'Pages au plus',
    bytes: 'Mégaoctets au plus',
    seconds: 'Secondes au plus',
    depth: 'Clics depuis l’accueil au plus',
    between: (min: string, max: string) => `de ${min} à ${max}`,
    outOfBounds: (field: string, min: string, max: string) =>
      `Étendue de la visite – ${field.toLowerCase()} : un nombre entier de ${min} à ${max}.`,
    estimate: (sites: number, pages: number, duration: string, atOnce: number) =>
      `${fr(pages)} pages par site : ${fr(sites)} ${plural('fr', sites, 'site', 'sites')} ≈ ${duration}, à ${fr(atOnce)} sites en même temps par machine.`,
    minutes: (minutes: number) => (minutes <= 1 ? '1 min' : `${fr(minutes)} min`),
    hours: (hours: number) => `${fr(hours)} h`,
    save: 'Enregistrer l’étendue',
    saved: 'Étendue de la visite enregistrée.',
    visit: 'Visiter avec cette étendue',
    kept: 'Gardée pour les prochaines visites de ce site.',
  },
  en: {
    title: 'Extent of the visit',
    own: 'Extent of the visit: each record’s own',
    quick: 'Quick',
    standard: 'Standard',
    thorough: 'Thorough',
    option: (name: string, pages: number) => `${name} (${en(pages)} pages at most)`,
    custom: 'set by hand',
    quickMeans: 'Quick: the home page, contact and legal notice, to sort a long list.',
    standardMeans: 'Standard: whom to contact and what is weak, for most sites.',
    thoroughMeans: 'Thorough: everybody on a large site; takes much longer.',
    more: 'Finer settings',
    moreHint: 'An empty field keeps the value of the extent chosen.',
    pages: 'Pages at most',
    bytes: 'Megabytes at most',
    seconds: 'Seconds at most',
    depth: 'Clicks from the home page at most',
    between: (min: string, max: string) => `${min} to ${max}`,
    outOfBounds: (field: string, min: string, max: string) =>
      `Extent of the visit – ${field.toLowerCase()}: a whole number from ${min} to ${max}.`,
    estimate: (sites: number, pages: number, duration: string, atOnce: number) =>
      `${en(pages)} pages per site: ${en(sites)} ${plural('en', sites, 'site', 'sites')} ≈ ${duration}, at ${en(atOnce)} sites at once per machine.`,
    minutes: (minutes: number) => (minutes <= 1 ? '1 min' : `${en(minutes)} min`),
    hours: (hours: number) => `${en(hours)} h`,
    save: 'Save the extent',
    saved: 'Extent of the visit saved.',
    visit: 'Visit with this extent',
    kept: 'Kept for later visits of this site.',
  },
})

/** Which numbers a field takes, as its form shows them (megabytes for bytes). */
export const boundsOfField = (field: BudgetField): { min: number; max: number } => {
  const unit = field === 'bytes' ? MEGABYTE : 1
  const { min, max } = budgetBounds[field]
  return { min: min / unit, max: max / unit }
}

export const outOfBoundsText = (locale: Locale, field: BudgetField): string => {
  const t = budgetTexts(locale)
  const { min, max } = boundsOfField(field)
  return t.outOfBounds(t[field], formatNumber(locale, min), formatNumber(locale, max))
}

/** "Rapide", or "Normale, réglée à la main". */
export const budgetName = (locale: Locale, budget: CrawlBudget | null): string => {
  const t = budgetTexts(locale)
  const name = t[budget?.preset ?? 'standard']
  return Object.keys(budget?.limits ?? {}).length > 0 ? `${name}, ${t.custom}` : name
}
