import type { Deps } from '#src/deps.ts'
import { readEnvironmentServer } from '../mail-settings.ts'
import { saveEnvironmentAccount } from './queries.ts'

/** Makes or refreshes the account of MAIL_*: at the start of the server, and before a command sends. Its password is not
 *  stored. Null when MAIL_SERVER or a sender is not set. */
export const refreshEnvironmentAccount = async ({
  db,
  config,
}: Pick<Deps, 'db' | 'config'>): Promise<number | null> => {
  const set = readEnvironmentServer(config)
  if (set === null) return null
  const { server, sender } = set
  return saveEnvironmentAccount(db, {
    senderName: sender.name,
    senderAddress: sender.address,
    host: server.host,
    port: server.port,
    tls: server.tls,
    username: server.username,
  })
}
