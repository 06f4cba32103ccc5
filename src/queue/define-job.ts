import type { z } from 'zod'
import type { Db } from '#src/db/open.ts'
import type { Log } from '#src/lib/log.ts'

/** What a running job is given. `signal` aborts when the node stops or the job is no longer this node's;
 *  `attempt` starts at 1 and counts lost nodes too. */
export type JobContext = {
  signal: AbortSignal
  attempt: number
  log: Log
  /** Completes the job within a transaction, together with its results. Without it, it is completed after `run`. */
  complete: (tx: Db) => Promise<void>
}

/** One kind of work, with the types erased so that all of them fit one table. */
export type JobDefinition = {
  name: string
  /** How many may run at once on one node. */
  concurrency: number
  /** Tries after the first; a node that dies counts as one. */
  retryLimit: number
  run: (data: unknown, context: JobContext) => Promise<void>
}

type JobDeclaration<Input extends z.ZodType> = {
  name: string
  input: Input
  concurrency: number
  retryLimit: number
  run: (input: z.infer<Input>, context: JobContext) => Promise<void>
}

/** A payload that does not fit the job's schema: trying again cannot help. */
export class WrongPayload extends Error {
  override readonly name = 'WrongPayload'
}

/** Declares a job beside its domain. A run may be repeated after a crash: write its results in one transaction
 *  and make a second run harmless. A thrown error is tried again after a growing pause, `retryLimit` times. */
export const defineJob = <Input extends z.ZodType>(job: JobDeclaration<Input>): JobDefinition => ({
  name: job.name,
  concurrency: job.concurrency,
  retryLimit: job.retryLimit,
  run: (data, context) => {
    const parsed = job.input.safeParse(data)
    if (!parsed.success)
      throw new WrongPayload(`${job.name}: ${parsed.error.issues[0]?.message ?? 'wrong payload'}`)
    return job.run(parsed.data, context)
  },
})
