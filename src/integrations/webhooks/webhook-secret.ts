/** What webhook secrets are sealed for (lib/sealed-text.ts). */
export const SECRET_PURPOSE = 'webhook secret'
