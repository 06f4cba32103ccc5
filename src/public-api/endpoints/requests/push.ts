import { z } from 'zod'
import { failure, failureSchema } from '../../answers/failures.ts'
import { endpoint, type Endpoint } from '../../endpoint.ts'
import { registerPush, removePush } from './queries-requests.ts'

// As Expo's own SDK recognises them; the database checks the same.
const EXPO_TOKEN = /^Expo(?:nent)?PushToken\[[A-Za-z0-9_:.+/=-]{1,200}\]$/
const WRONG_TOKEN = 'Le champ « expo_push_token » n’est pas un jeton Expo (ExponentPushToken[…]).'
const WRONG_PLATFORM = 'Le champ « platform » doit être « android » ou « ios ».'
const MAX_INSTALLATION = 200

const expoToken = z
  .string(WRONG_TOKEN)
  .transform((text) => text.trim())
  .refine((text) => EXPO_TOKEN.test(text), WRONG_TOKEN)

const registration = z.object({
  expo_push_token: expoToken,
  platform: z.enum(['android', 'ios'], WRONG_PLATFORM).nullish(),
  installation_id: z
    .string()
    .transform((text) => text.replaceAll('\u0000', '').toWellFormed().trim().slice(0, MAX_INSTALLATION))
    .nullish(),
})

const registered = z.looseObject({ success: z.literal(true), message: z.string() })
const removed = z.looseObject({ success: z.literal(true), removed: z.boolean() })

/** Phones that want to be told when an analysis ends. */
export const pushEndpoints: Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/push/register',
    scopes: [],
    cacheSeconds: 0,
    jsonOnly: true,
    tag: 'push',
    summary: 'Registers a phone by its Expo token; it is told when an analysis of this token’s user ends.',
    body: registration,
    answers: { 200: registered, 400: failureSchema },
    handle: async ({ sql, token, body }) => {
      const done = await registerPush(sql, token.id, {
        expoToken: body.expo_push_token,
        platform: body.platform ?? null,
        installationId: body.installation_id || null,
      })
      return done
        ? { status: 200, body: { success: true, message: 'Appareil enregistré.' } }
        : failure(400, WRONG_TOKEN)
    },
  }),
  endpoint({
    method: 'delete',
    path: '/push/register',
    scopes: [],
    cacheSeconds: 0,
    jsonOnly: true,
    tag: 'push',
    summary: 'Forgets a phone of this token.',
    body: z.object({ expo_push_token: expoToken }),
    answers: { 200: removed, 400: failureSchema },
    handle: async ({ sql, token, body }) => ({
      status: 200,
      body: { success: true, removed: await removePush(sql, token.id, body.expo_push_token) },
    }),
  }),
]
