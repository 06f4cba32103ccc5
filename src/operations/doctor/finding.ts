/** What one check found. `unknown`: it could not be checked, or there is nothing to check; never a guess. */
export type Finding = {
  check: string
  status: 'ok' | 'failed' | 'unknown'
  detail: string
  /** What to do about it; null when there is nothing to do. */
  fix: string | null
}

export const good = (check: string, detail: string): Finding => ({ check, status: 'ok', detail, fix: null })

export const bad = (check: string, detail: string, fix: string): Finding => ({
  check,
  status: 'failed',
  detail,
  fix,
})

export const unknown = (check: string, detail: string, fix: string | null = null): Finding => ({
  check,
  status: 'unknown',
  detail,
  fix,
})
