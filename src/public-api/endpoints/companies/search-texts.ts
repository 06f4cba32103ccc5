import { searchTerms } from '#src/lib/search-terms.ts'

const MAX_SEARCH = 200

/** Texts that must all be found in a company, as on the product's own list; of anything a caller may send. */
export const searchTexts = (search: string): string[] =>
  searchTerms(
    search
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, MAX_SEARCH),
  )
