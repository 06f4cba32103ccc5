import { AppError } from './errors.ts'

/** The work's outcome, or a rejection (503) when it takes longer; the work itself goes on. */
export const within = <T>(milliseconds: number, work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const tooSlow = new AppError('too_slow', 'There was no answer in time.', { status: 503 })
  const timer = setTimeout(() => late.reject(tooSlow), milliseconds)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
