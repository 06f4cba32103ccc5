import type { Db } from '#src/db/open.ts'
import { readRoleRights, type RoleRights } from '../queries-doctor.ts'
import { bad, good, unknown, type Finding } from './finding.ts'

const SHOWN = 20

export type RoleProbes = {
  /** Null: there is no role. Undefined: it could not be asked. */
  rights: RoleRights | null | undefined
  /** How signing in as the role with the password of `edge-env` ended. */
  login: 'ok' | 'wrong_password' | 'not_from_here' | 'unreachable'
}

/** The edge's role: there, with exactly its rights, and with the password that `edge-env` prints. */
export const checkRole = async (
  db: Db,
  signIn: (role: string) => Promise<RoleProbes['login']>,
): Promise<Finding[]> => {
  const rights = await readRoleRights(db).catch(() => undefined)
  return judgeRole({ rights, login: rights ? await signIn(rights.role) : 'unreachable' })
}

export const judgeRole = ({ rights, login }: RoleProbes): Finding[] => {
  if (rights === undefined)
    return ['edge_role', 'edge_rights', 'edge_login'].map((check) =>
      unknown(check, 'The database could not be asked about the role of the edge.'),
    )
  if (rights === null)
    return [
      unknown(
        'edge_role',
        'There is no role for an edge: none is needed without an edge, or with one that uses EDGE_UPSTREAM.',
        'For an edge with a database connection, run `prospectlab edge-env`.',
      ),
      unknown('edge_rights', 'There is no role to check.'),
      unknown('edge_login', 'There is no role to check.'),
    ]
  return [
    good('edge_role', `The role is ${rights.role}.`),
    judgeRights(rights),
    judgeLogin(rights.role, login),
  ]
}

const judgeRights = ({ role, missing, extra }: RoleRights): Finding => {
  if (missing.length === 0 && extra.length === 0)
    return good('edge_rights', `${role} may do what an edge needs and nothing else.`)
  const told = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(extra.length > 0 ? [`too much: ${listed(extra)}`] : []),
  ]
  return bad(
    'edge_rights',
    told.join('; '),
    'Run `prospectlab edge-env`. What it cannot take back, whoever gave it must REVOKE (from the role, from PUBLIC or from its group).',
  )
}

const listed = (rights: string[]): string =>
  rights.length > SHOWN
    ? `${rights.slice(0, SHOWN).join(', ')} and ${rights.length - SHOWN} more`
    : rights.join(', ')

const judgeLogin = (role: string, login: RoleProbes['login']): Finding => {
  if (login === 'ok') return good('edge_login', `${role} can sign in with the password of edge-env.`)
  if (login === 'wrong_password')
    return bad(
      'edge_login',
      `${role} has another password than the one that edge-env prints.`,
      'Run `prospectlab edge-env --new-password` and give the edge what it prints.',
    )
  return unknown(
    'edge_login',
    login === 'not_from_here'
      ? `The database does not let ${role} in from this machine (pg_hba.conf), perhaps from the edge's.`
      : 'The database could not be reached to sign in.',
  )
}
