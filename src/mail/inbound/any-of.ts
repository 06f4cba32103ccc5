/** One pattern of several, so that a long list can be written in lines; the flags are those of the first. */
export const anyOf = (first: RegExp, ...others: RegExp[]): RegExp =>
  new RegExp([first, ...others].map(({ source }) => source).join('|'), first.flags)
