import { catalogue, plural } from '#src/lib/i18n.ts'

const waitText = (locale: 'fr' | 'en', seconds: number): string => {
  const minutes = Math.ceil(seconds / 60)
  if (seconds < 60)
    return `${seconds} ${plural(locale, seconds, locale === 'fr' ? 'seconde' : 'second', locale === 'fr' ? 'secondes' : 'seconds')}`
  return `${minutes} ${plural(locale, minutes, 'minute', 'minutes')}`
}

/** Texts of the rules about accounts: what is refused and why. */
export const accountMessages = catalogue({
  fr: {
    wrongLogin: 'Adresse e-mail ou mot de passe incorrect.',
    wait: (seconds: number) => `Trop d’essais infructueux. Réessayez dans ${waitText('fr', seconds)}.`,
    badEmail: 'Ce n’est pas une adresse e-mail.',
    emailTaken: 'Un compte existe déjà avec cette adresse.',
    passwordTooShort: (length: number) => `Au moins ${length} caractères.`,
    passwordTooLong: (length: number) => `Au plus ${length} caractères.`,
    passwordIsEmail: 'Le mot de passe ne doit pas être l’adresse e-mail.',
    passwordDiffers: 'Les deux mots de passe ne sont pas les mêmes.',
    wrongCurrentPassword: 'Ce n’est pas votre mot de passe actuel.',
    tooManyAttempts: 'Trop d’essais infructueux. Réessayez plus tard.',
    nameTooLong: 'Ce nom est trop long.',
    badChoice: 'Ce choix n’existe pas.',
    lastAdmin: 'C’est le dernier administrateur : nommez-en un autre d’abord.',
    unknownUser: 'Ce compte n’existe pas ou plus.',
    setupLinkInvalid: 'Ce lien a déjà servi, a expiré ou n’est pas complet.',
  },
  en: {
    wrongLogin: 'Wrong e-mail address or password.',
    wait: (seconds: number) => `Too many failed attempts. Try again in ${waitText('en', seconds)}.`,
    badEmail: 'This is not an e-mail address.',
    emailTaken: 'There is already an account with this address.',
    passwordTooShort: (length: number) => `At least ${length} characters.`,
    passwordTooLong: (length: number) => `At most ${length} characters.`,
    passwordIsEmail: 'The password must not be the e-mail address.',
    passwordDiffers: 'The two passwords are not the same.',
    wrongCurrentPassword: 'This is not your current password.',
    tooManyAttempts: 'Too many failed attempts. Try again later.',
    nameTooLong: 'This name is too long.',
    badChoice: 'There is no such choice.',
    lastAdmin: 'This is the last administrator: appoint another first.',
    unknownUser: 'This account does not exist, or no longer.',
    setupLinkInvalid: 'This link has been used, has expired or is not complete.',
  },
})
