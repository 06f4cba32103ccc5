import { z } from 'zod'

const text = z.string().nullable()
const number = z.number().nullable()
const yesNo = z.boolean().nullable()
const moment = z.iso.datetime()

/** A company under the names of the existing product. `taille_estimee`, `performance_score`, `score_securite`,
 *  `favicon` and `logo` are always null: nothing of this product measures them yet. What is known from the site
 *  (`framework`, `hosting_provider`, `has_*`, `resume`, `og_image`) is null until it was read. */
export const companySchema = z.looseObject({
  id: z.int(),
  analyse_id: z.int().nullable().meta({ description: 'The import it came with.' }),
  nom: z.string(),
  website: text,
  secteur: text,
  categorie: text,
  statut: z.string(),
  etape_prospection: z.string(),
  opportunite: text.meta({
    description: 'Très élevée … Très faible; null while unknown or out of the scale.',
  }),
  score: number,
  score_level: text,
  email_principal: text,
  responsable: text,
  responsable_role: text,
  taille_estimee: z.null(),
  hosting_provider: text,
  framework: text,
  cms: text,
  has_blog: yesNo,
  has_contact_form: yesNo,
  has_checkout: yesNo,
  performance_score: z.null(),
  score_securite: z.null(),
  tags: z.array(z.string()),
  notes: z.string(),
  favori: z.boolean(),
  telephone: text,
  telephone_e164: text,
  pays: text,
  address_1: text,
  address_2: text,
  ville: text,
  code_postal: text,
  longitude: number,
  latitude: number,
  note_google: number,
  nb_avis_google: number,
  siren: text,
  siret: text,
  resume: text,
  og_image: text,
  favicon: z.null(),
  logo: z.null(),
  statut_scraping: z.string(),
  date_analyse: moment,
  date_creation: moment,
  date_modification: moment,
})

export type Company = z.output<z.ZodObject<typeof companySchema.shape>>

export const companyAnswer = z.looseObject({ success: z.literal(true), data: companySchema })
