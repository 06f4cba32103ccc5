import { catalogue, type Locale } from '#src/lib/i18n.ts'

/** What variables say in the words of the mail's language. */
const texts = catalogue({
  fr: {
    hello: 'Bonjour,',
    helloTo: (name: string) => `Bonjour ${name},`,
  },
  en: {
    hello: 'Hello,',
    helloTo: (name: string) => `Hello ${name},`,
  },
})

/** How a mail begins; without a name it does not pretend to know one. */
export const greeting = (locale: Locale, name: string): string =>
  name === '' ? texts(locale).hello : texts(locale).helloTo(name)
