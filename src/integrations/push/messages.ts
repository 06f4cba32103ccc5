import { catalogue, formatNumber, plural } from '#src/lib/i18n.ts'

type Values = Record<string, string | number>

/** What a phone shows. */
export const pushMessages = catalogue({
  fr: {
    analysis_done_title: 'Analyse terminée',
    analysis_done: ({ name = '' }: Values) => `Le site de ${name} a été analysé.`,
    analysis_failed_title: 'Analyse impossible',
    analysis_failed: ({ name = '' }: Values) => `Le site de ${name} n’a pas pu être analysé.`,
    batch_done_title: 'Analyses terminées',
    batch_done: ({ total = 0 }: Values) =>
      `${formatNumber('fr', Number(total))} ${plural('fr', Number(total), 'site traité', 'sites traités')}.`,
  },
  en: {
    analysis_done_title: 'Analysis finished',
    analysis_done: ({ name = '' }: Values) => `The site of ${name} has been analysed.`,
    analysis_failed_title: 'Analysis failed',
    analysis_failed: ({ name = '' }: Values) => `The site of ${name} could not be analysed.`,
    batch_done_title: 'Analyses finished',
    batch_done: ({ total = 0 }: Values) =>
      `${formatNumber('en', Number(total))} ${plural('en', Number(total), 'site', 'sites')} done.`,
  },
})
