import { roleKinds } from '#src/crawl/contacts/read-fact-form.ts'

/** What an address is good for in a mail to many, best first.
 *  own: the company's own domain, or its only domain when it has no site.
 *  published: elsewhere, but the company's site gives it as its contact.
 *  kept: elsewhere, and somebody here confirmed or wrote it. other: elsewhere, only a list says so.
 *  free: at a free provider, and the site does not publish it.
 *  The rest is never written to in bulk: no_mail: the domain takes none; disposable; unread: noreply@ and such;
 *  placeholder: no real address; foreign: of the site's maker or of third parties; guessed: made of a name; erased: its owner
 *  had everything about them erased. */
export const standings = [
  'own',
  'published',
  'kept',
  'other',
  'free',
  'no_mail',
  'disposable',
  'unread',
  'placeholder',
  'foreign',
  'guessed',
  'erased',
] as const
export type Standing = (typeof standings)[number]

/** Who an address may belong to: the kinds of roles of crawl/extract/roles.ts, `shared` for an address of nobody in
 *  particular (info@, contact@). */
export const recipientRoles = ['shared', ...roleKinds] as const
export type RecipientRole = (typeof recipientRoles)[number]
