import { PERMISSIONS } from './failures.ts'
import type { Scope } from '../endpoint.ts'

const RETRY_SECONDS = 5

/** An answer that is no handler's: what is refused before, or fails. */
export type Refusal = { status: number; body: unknown; headers?: Record<string, string> }

export const unauthenticated = (kind: 'missing' | 'invalid'): Refusal => ({
  status: 401,
  body:
    kind === 'missing'
      ? {
          error: 'Token API manquant',
          message:
            'Envoyez votre token dans l’en-tête « Authorization: Bearer … » ou le paramètre api_token.',
        }
      : { error: 'Token API invalide', message: 'Ce token est inconnu, expiré ou révoqué.' },
  headers: {
    'WWW-Authenticate': `Bearer realm="ProspectLab"${kind === 'invalid' ? ', error="invalid_token"' : ''}`,
  },
})

export const missingScope = (scope: Scope): Refusal => ({
  status: 403,
  body: {
    error: 'Permission API insuffisante',
    permission: PERMISSIONS[scope],
    scope,
    message: `Ce token n’a pas la permission requise (${scope}).`,
  },
  headers: { 'WWW-Authenticate': `Bearer realm="ProspectLab", error="insufficient_scope", scope="${scope}"` },
})

export const wrongAddress = (): Refusal => ({
  status: 403,
  body: { error: 'Adresse non autorisée', message: 'Ce token ne peut pas servir depuis cette adresse.' },
})

const said = (status: number, error: string, headers?: Record<string, string>): Refusal => ({
  status,
  body: { success: false, error },
  ...(headers ? { headers } : {}),
})

export const notFound = (): Refusal => said(404, 'Ressource introuvable.')
export const badInput = (error: string): Refusal => said(400, error)
export const tooLarge = (): Refusal => said(413, 'Le corps de la requête est trop grand.')
export const uriTooLong = (): Refusal => said(414, 'L’adresse demandée est trop longue.')
export const methodNotAllowed = (allowed: string[]): Refusal =>
  said(405, 'Méthode non autorisée.', { Allow: allowed.join(', ') })
export const tooManyRequests = (seconds: number): Refusal =>
  said(429, 'Trop de requêtes : réessayez plus tard.', { 'Retry-After': String(seconds) })
export const unavailable = (): Refusal =>
  said(503, 'Service momentanément indisponible : réessayez dans un instant.', {
    'Retry-After': String(RETRY_SECONDS),
  })
export const internalFailure = (reference: string): Refusal => ({
  status: 500,
  body: { success: false, error: 'Erreur interne.', reference },
})
