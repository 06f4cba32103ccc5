import type { PersonFact } from '../site-record.ts'
import { isTwoCapitals, nameKey, type PersonName, readName } from './names.ts'
import { IN_NAV, type PageImage } from './page-view.ts'
import { FOREIGN, type PeoplePage } from './people-page.ts'
import { person } from './person-fact.ts'
import { readRole } from './roles.ts'

const LONGEST = 90
const MAX_IMAGES = 200
const MAX_SRC = 200
/** A portrait among others is one; a single picture may show whomever. */
const LEAST_PORTRAITS = 2
const SHOWS =
  /^(?:photo(?:graphie)?|portrait|image|picture|foto|bild)(?: de | d['’]| of | von | di |\s?:\s?)/i
/** "Anne Hidalgo, maire de Paris, lors de l’inauguration": who came once */
const OCCASION = /(?<!\p{L})(?:lors d|pendant|inaugur|visite|en visite|during|beim? |bei der)/iu
const APART = /\s?(?:,|\||–|—|:|\(|\s-)\s?/

/** Villeroy, Leroy Merlin: brands that are called as people are */
const LOGO = /logo|(?<![a-z])(?:marques?|brands?|partenaires?|partners?|sponsors?|clients?)(?![a-z])/i

type Portrait = { image: PageImage; name: PersonName; role: ReturnType<typeof readRole> }

/** Staff named by what stands in for their pictures only: `<img alt="Odile Garnier, gérante">`. Where the team is
 *  presented a bare name is enough if there are more of them; elsewhere on pages of the house a title must follow. */
export function* peopleInImages(page: PeoplePage): Generator<PersonFact> {
  const { view } = page
  const portraits = view.images.slice(0, MAX_IMAGES).flatMap((image) => portraitOf(page, image))
  const many = new Set(portraits.map(({ name }) => nameKey(name.name))).size >= LEAST_PORTRAITS
  for (const { image, name, role } of portraits) {
    const team = page.purpose === 'team' || (page.places[image.line] ?? 0) > 0
    if (!(role && (team || page.purpose === 'about' || page.purpose === 'contact')) && !(team && many))
      continue
    yield person(view, name, 'alt', role ? 0.75 : 0.65, image.alt!, { ...role })
  }
}

function portraitOf(page: PeoplePage, image: PageImage): Portrait[] {
  const alt = image.alt?.trim() ?? ''
  if (alt.length < 5 || alt.length > LONGEST || !isTwoCapitals(alt)) return []
  if (LOGO.test(image.src.slice(-MAX_SRC)) || /logo/i.test(alt)) return []
  const flags = image.flags | (page.view.lines[image.line]?.flags ?? 0)
  if (flags & (FOREIGN | IN_NAV) || (page.places[image.line] ?? 0) < 0) return []
  const [said = '', ...rest] = alt.replace(SHOWS, '').split(APART)
  const name = readName(said)
  if (!name?.known) return []
  const title = rest.join(', ').replace(/\)$/, '')
  if (OCCASION.test(title)) return []
  const role = title === '' ? null : readRole(title)
  // "Jean Moulin, 1942": what follows is said of a picture.
  return title === '' || role ? [{ image, name, role }] : []
}
