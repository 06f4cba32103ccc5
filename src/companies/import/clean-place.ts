export type Place = {
  address1: string | null
  address2: string | null
  /** Only what could not be taken apart. */
  addressFull: string | null
  postalCode: string | null
  city: string | null
}

// "57000 Metz", "F-57000 METZ Cedex 1", "57000 Metz, France"
const TOWN_LINE = /^(?:[A-Z]{1,2}-)?(\d{5})\s+(\p{L}[\p{L}\d'’. -]*?)(?:,\s*\p{L}[\p{L} -]*)?$/u
const STREET_AND_TOWN = /^(.*\S)[,\n\s]\s*((?:[A-Z]{1,2}-)?\d{5}\s+\p{L}.*)$/su

/** Takes the postal code and the town out of an address line that ends with them, when no column of their own
 *  gave them. */
export const cleanPlace = (place: Place): Place => {
  if (place.postalCode !== null || place.city !== null) return place
  const town = TOWN_LINE.exec(place.address2 ?? '')
  if (town) return { ...place, address2: null, postalCode: town[1]!, city: town[2]! }
  const line = place.addressFull ?? place.address1 ?? ''
  const [, street = '', end = line] = STREET_AND_TOWN.exec(line) ?? []
  const found = TOWN_LINE.exec(end)
  if (!found) return place
  const address1 = street.replace(/,$/, '') || null
  return {
    ...place,
    address1: place.addressFull === null ? address1 : (place.address1 ?? address1),
    addressFull: null,
    postalCode: found[1]!,
    city: found[2]!,
  }
}
