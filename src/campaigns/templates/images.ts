import { randomBytes } from 'node:crypto'
import type { Db } from '#src/db/open.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { findImages } from './queries.ts'
import { readImage } from './read-image.ts'

/** A picture in a mail is fetched by every reader: larger ones do not arrive. */
export const MAX_IMAGE_BYTES = 2 * 1024 * 1024
const MAX_SIDE = 4_000
const MAX_NAME = 120
const CID = /\bsrc\s*=\s*["']?cid:([\w-]{16,64})/gi

export type NewImage = {
  key: string
  fileName: string
  contentType: string
  width: number
  height: number
  bytes: Uint8Array
}

/** An uploaded picture, taken for what its bytes say and never for what it is called. */
export const readUpload = (fileName: string, bytes: Uint8Array): Result<NewImage> => {
  if (bytes.length > MAX_IMAGE_BYTES) return failed('image_too_large', 'The picture is larger than 2 MB.')
  const image = readImage(bytes)
  if (!image) return failed('not_an_image', 'The file is not a PNG, JPEG, GIF or WebP picture.')
  if (image.width > MAX_SIDE || image.height > MAX_SIDE)
    return failed('image_too_wide', `The picture is more than ${MAX_SIDE} pixels wide or high.`)
  const key = randomBytes(12).toString('hex')
  return ok({ key, fileName: plainName(fileName, image.contentType), ...image, bytes })
}

const plainName = (name: string, contentType: string): string => {
  const base = name
    .normalize('NFC')
    .replace(/^.*[\\/]/, '')
    .replace(/\.[a-z0-9]+$/i, '')
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME)
  return `${base || 'image'}.${contentType.slice('image/'.length).replace('jpeg', 'jpg')}`
}

/** Keys of the pictures a mail shows, each once. */
export const imageKeysOf = (html: string): string[] => [
  ...new Set([...html.matchAll(CID)].map(([, key = '']) => key)),
]

/** A picture as a part of a mail: `<img src="cid:…">` names its `cid`. */
export type ImagePart = { cid: string; filename: string; contentType: string; content: Buffer }

/** The pictures that go along with a mail of this HTML. One query; keep it per message, not per recipient. */
export const imagePartsOf = async (db: Db, html: string): Promise<ImagePart[]> =>
  (await findImages(db, imageKeysOf(html))).map(({ key, fileName, contentType, bytes }) => ({
    cid: key,
    filename: fileName,
    contentType,
    content: Buffer.from(bytes),
  }))

/** The HTML with its pictures at addresses of this server, for a preview. */
export const withLocalImages = (html: string): string =>
  html.replace(CID, (found, key: string) => found.replace(`cid:${key}`, `/templates/images/${key}`))
