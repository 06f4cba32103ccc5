import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#src/config.ts'
import { messageOf } from '#src/lib/errors.ts'
import { bad, good, unknown, type Finding } from './finding.ts'

const MEGABYTE = 1024 * 1024
const MIN_FREE_BYTES = 256 * MEGABYTE
const MAX_CLOCK_DIFFERENCE_MS = 30_000
/** A server that runs delivers within a second. */
const STALE_SPOOL_MS = 60_000

/** DATA_DIR can be written to and its disk has room. */
export const checkDataDir = (dataDir: string): Finding => {
  try {
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    return bad(
      'data_dir',
      `DATA_DIR ${dataDir} cannot be written to: ${messageOf(error)}`,
      'Give it to the user that runs the product, or set another DATA_DIR.',
    )
  }
  try {
    const { bavail, bsize } = statfsSync(dataDir)
    return judgeRoom(dataDir, bavail * bsize)
  } catch (error) {
    return unknown('data_dir', `The room on the disk could not be asked: ${messageOf(error)}`)
  }
}

export const judgeRoom = (dataDir: string, freeBytes: number): Finding => {
  const free = `${Math.floor(freeBytes / MEGABYTE)} MB free`
  return freeBytes < MIN_FREE_BYTES
    ? bad('data_dir', `The disk of DATA_DIR ${dataDir} is nearly full: ${free}.`, 'Make room.')
    : good('data_dir', `${dataDir}: ${free}.`)
}

/** The spool of the server's own tracking is empty, or only holds what has just come. */
export const checkSpool = (dataDir: string, now: Date): Finding => {
  const folder = join(dataDir, 'spool')
  if (!existsSync(folder)) return good('spool', 'Nothing waits: no event has been taken here yet.')
  try {
    const files = readdirSync(folder).map((name) => ({ name, ...statOf(join(folder, name)) }))
    const waiting = files.filter(({ name, size }) => name.endsWith('.seg') && size > 0)
    const stale = waiting.filter(({ changedAt }) => now.getTime() - changedAt > STALE_SPOOL_MS)
    if (files.some(({ name, size }) => name === 'rejected.jsonl' && size > 0))
      return bad(
        'spool',
        'The database refused events for what is in them.',
        `Look at ${join(folder, 'rejected.jsonl')}, and remove it when it is settled.`,
      )
    const bytes = waiting.reduce((sum, { size }) => sum + size, 0)
    return stale.length > 0
      ? bad('spool', `${bytes} bytes of events wait undelivered.`, 'Start the server; see its log.')
      : good('spool', bytes === 0 ? 'Nothing waits.' : `${bytes} bytes of events are under way.`)
  } catch (error) {
    return unknown('spool', `The spool could not be read: ${messageOf(error)}`)
  }
}

const statOf = (path: string): { size: number; changedAt: number } => {
  const found = statSync(path, { throwIfNoEntry: false })
  return { size: found?.size ?? 0, changedAt: found?.mtimeMs ?? 0 }
}

/** This machine's clock against others: one that differs makes tokens expire early and signed calls fail. */
export const checkClock = (now: Date, others: { name: string; date: Date | null }[]): Finding => {
  const known = others.flatMap(({ name, date }) =>
    date === null ? [] : [{ name, difference: date.getTime() - now.getTime() }],
  )
  if (known.length === 0) return unknown('clock', 'There was no other clock to compare with.')
  const off = known.filter(({ difference }) => Math.abs(difference) > MAX_CLOCK_DIFFERENCE_MS)
  if (off.length === 0)
    return good('clock', `The same as that of ${known.map(({ name }) => name).join(', ')}.`)
  const told = off.map(({ name, difference }) => `${Math.round(difference / 1000)} s from ${name}`)
  return bad(
    'clock',
    `The clock of this machine differs: ${told.join(', ')}.`,
    'Let both machines keep the time (systemd-timesyncd, chrony).',
  )
}

/** Whether the settings for sending are there and complete; nothing is sent. Accounts that were made do without them. */
export const checkMailSettings = (
  config: Pick<Config, 'MAIL_SERVER' | 'MAIL_DEFAULT_SENDER' | 'MAIL_USERNAME' | 'MAIL_PASSWORD'>,
  hasAccounts = false,
): Finding => {
  const { MAIL_SERVER, MAIL_DEFAULT_SENDER, MAIL_USERNAME, MAIL_PASSWORD } = config
  if (!MAIL_SERVER && hasAccounts) return good('mail_settings', 'Not set; sending accounts are.')
  if (!MAIL_SERVER)
    return unknown(
      'mail_settings',
      'MAIL_SERVER is not set: no mail can be sent.',
      'Add a sending account in the settings, or set MAIL_SERVER.',
    )
  if (!MAIL_DEFAULT_SENDER)
    return bad('mail_settings', 'MAIL_DEFAULT_SENDER is not set.', 'Set it to the address mails come from.')
  if (Boolean(MAIL_USERNAME) !== Boolean(MAIL_PASSWORD))
    return bad(
      'mail_settings',
      'Of MAIL_USERNAME and MAIL_PASSWORD only one is set.',
      'Set both, or neither where the server asks for none.',
    )
  return good('mail_settings', `${MAIL_SERVER} (settings are complete; nothing was sent)`)
}
