/** Ready-made audiences: what a seller of sites looks for, as filters that can be narrowed further. Who said yes or no
 *  already, and who must not be written to, is left out of each. */
const CLOSED =
  'notStatus=Gagné&notStatus=Perdu&notStatus=Réponse positive&notStatus=Réponse négative&notStatus=Désabonné&notStatus=Plainte spam&notStatus=Ne pas contacter'

const filters = {
  modernise:
    'level=very-high&level=high&site=yes&weakIn=technical&weakIn=mobile&weakIn=performance&weakIn=security',
  best: 'level=very-high&level=high',
  insecure: 'site=yes&weakIn=security',
  'not-contacted': 'contacted=never',
  favourites: 'favourite=1',
  training: 'sectorWords=formation,coaching,formateur,auto-école',
  education:
    'sectorWords=formation,enseignement,école,soutien scolaire,cours particuliers,centre de langues&noPublicBodies=1',
  tech: 'sectorWords=informatique,logiciel,numérique,digital,développement web,télécom,hébergement web,agence web',
} as const

export type Objective = keyof typeof filters
export const objectives = Object.keys(filters) as Objective[]

export const isObjective = (value: string): value is Objective => Object.hasOwn(filters, value)

/** The filter of an objective, as a query string. */
export const objectiveFilter = (objective: Objective): string => `${filters[objective]}&${CLOSED}`
