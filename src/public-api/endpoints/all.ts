import type { Endpoint } from '../endpoint.ts'
import { tokenEndpoints } from './token.ts'

/** Every route of /api/public. Fixed paths are matched before those with parameters, whatever their order here. */
export const ENDPOINTS: readonly Endpoint[] = [...tokenEndpoints]
