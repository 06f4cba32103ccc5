export const EARTH_KM = 6371.0088
const KM_PER_DEGREE = (Math.PI * EARTH_KM) / 180
const HALF_TURN = 180
const POLE = 90
// What rounding may take from an edge.
const MARGIN = 1e-6

/** A rectangle on the globe; `west` > `east` crosses the date line. */
export type Box = { south: number; north: number; west: number; east: number }
type Place = { latitude: number; longitude: number }

const radians = (degrees: number): number => (degrees * Math.PI) / HALF_TURN

/** Kilometres along the great circle. */
export const distanceKm = (a: Place, b: Place): number => {
  const across = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2
  const along = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2
  const h = across + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * along
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The rectangle around all places within `radius` kilometres; near a pole it goes all the way round. */
export const boxAround = ({ latitude, longitude }: Place, radius: number): Box => {
  const high = radius / KM_PER_DEGREE + MARGIN
  const south = latitude - high
  const north = latitude + high
  const whole = { south, north, west: -HALF_TURN, east: HALF_TURN }
  if (south <= -POLE || north >= POLE) return whole
  const ratio = Math.sin(radius / EARTH_KM) / Math.cos(radians(latitude))
  if (ratio >= 1) return whole
  const wide = (Math.asin(ratio) * HALF_TURN) / Math.PI + MARGIN
  if (wide >= HALF_TURN) return whole
  return { south, north, west: turned(longitude - wide), east: turned(longitude + wide) }
}

const turned = (longitude: number): number =>
  longitude < -HALF_TURN
    ? longitude + 2 * HALF_TURN
    : longitude > HALF_TURN
      ? longitude - 2 * HALF_TURN
      : longitude
