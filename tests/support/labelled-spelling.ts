/** Lower case, without accents or punctuation. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

const TITLES = /^(?:m|mr|mme|mlle|me|dr|dre|maitre|docteur|monsieur|madame|mademoiselle) /

/** The words of a name without titles, in no order. */
export const nameKey = (name: string): string =>
  plain(name).replace(TITLES, '').split(' ').toSorted().join(' ')

export const digits = (text: string): string => text.replace(/\D/g, '')
