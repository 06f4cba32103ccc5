import type { Config } from '#src/config.ts'
import { type AdminRule, readAdminRules } from '#src/crawl/extract/admin-rules.ts'
import type { Log } from '#src/lib/log.ts'

/** The technology rules of the admin's own folder, none when there is no such folder. Throws ConfigError (exit 2). */
export const adminRules = ({ TECHNOLOGY_RULES_DIR: folder }: Config, log?: Log): AdminRule[] => {
  if (folder === undefined) return []
  const { rules, skippedPatterns } = readAdminRules(folder)
  log?.info('technology rules read', { folder, rules: rules.length, skippedPatterns })
  return rules
}
