/** The work's outcome, or a rejection when it takes longer; the work itself goes on. */
export const within = <T>(milliseconds: number, work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), milliseconds)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
