/** Wakes workers (`{wake: job}`) and stops the running items of a cancelled batch (`{cancel: batchId}`). */
export const JOBS_CHANNEL = 'prospectlab_jobs'

/** Its payload is the id of a batch of which something changed. */
export const PROGRESS_CHANNEL = 'batch_progress'
