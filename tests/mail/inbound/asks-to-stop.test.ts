import { expect, test } from 'bun:test'
import { asksToStop } from '#src/mail/inbound/asks-to-stop.ts'

test.each([
  'Merci de ne plus me contacter.',
  "Merci de ne plus m'envoyer de mails.",
  'Merci de ne plus m’écrire',
  'Ne m’envoyez plus rien',
  'Ne me contactez plus.',
  'Merci, mais ne nous relancez plus svp',
  "N'écrivez plus à cette adresse",
  'Je ne souhaite plus recevoir vos messages',
  'Nous ne souhaitons plus être contactés',
  'Je ne veux plus de mails de votre part',
  'Je ne veux pas être démarché',
  'Nous ne souhaitons pas recevoir de sollicitations',
  'Ne souhaitant plus recevoir vos offres, merci.',
  'Laissez-nous tranquilles !',
  'STOP',
  'Stop, merci.',
  'Désinscription',
  'Retirez-moi de votre liste',
  'Veuillez me radier de vos fichiers',
  'Vous ne respectez pas le RGPD.',
  'Indiquez-moi la source de mes données (RGPD, art. 15).',
  'Please remove us from your list',
  'Take us off your list',
  'Never write to me again',
  'I do not want to receive these',
])('who writes this wants no more mail: %s', (text) => {
  expect(asksToStop(text)).toBe(true)
})

test.each([
  'Oui, cela m’intéresse.\n-- \nAnne Martin\nConformément au RGPD, vous disposez d’un droit d’accès.',
  'Rappelez-moi.\nConformément au Règlement général sur la protection des données (RGPD), vos données sont protégées.',
  'Oui.\nConformément au\nRGPD,\nvos données sont protégées.',
  'Appelez-moi. Notre politique de confidentialité et RGPD : www.garage.fr/rgpd',
  'Votre formulaire est-il conforme au RGPD ? Combien cela coûte-t-il ?',
  'Yes, please call. In compliance with GDPR we keep your data for a year.',
  'Je ne reçois plus vos mails, pouvez-vous renvoyer le devis ?',
  'Je ne veux plus de ce vieux site, faites-moi un devis',
  'Je ne souhaite pas recevoir votre audit par mail, appelez-moi',
  'You can stop by our shop',
])('who writes this has not asked for that: %s', (text) => {
  expect(asksToStop(text)).toBe(false)
})
