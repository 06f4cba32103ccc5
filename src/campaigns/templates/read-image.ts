export type ImageFacts = { contentType: string; width: number; height: number }

/** What a picture is, read from its bytes: PNG, JPEG, GIF and WebP; null for everything else. SVG is a program. */
export const readImage = (bytes: Uint8Array): ImageFacts | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found =
    bytes.length < 26 ? null : (readPng(view) ?? readGif(view) ?? readWebp(view) ?? readJpeg(view))
  return found && found.width > 0 && found.height > 0 ? found : null
}

const ascii = (view: DataView, at: number, length: number): string =>
  at + length > view.byteLength
    ? ''
    : String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length))

const readPng = (view: DataView): ImageFacts | null =>
  view.getUint32(0) === 0x89504e47 && ascii(view, 12, 4) === 'IHDR'
    ? { contentType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
    : null

const readGif = (view: DataView): ImageFacts | null =>
  /^GIF8[79]a$/.test(ascii(view, 0, 6))
    ? { contentType: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
    : null

const readWebp = (view: DataView): ImageFacts | null => {
  if (ascii(view, 0, 4) !== 'RIFF' || ascii(view, 8, 4) !== 'WEBP' || view.byteLength < 30) return null
  const kind = ascii(view, 12, 4)
  const contentType = 'image/webp'
  if (kind === 'VP8 ')
    return {
      contentType,
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    }
  const bits = view.getUint32(21, true)
  if (kind === 'VP8L') return { contentType, width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  if (kind !== 'VP8X') return null
  const low = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1
  return { contentType, width: low(24), height: low(27) }
}

/** The frame header stands behind any number of segments (ITU T.81 §B.1.1.4). */
const readJpeg = (view: DataView): ImageFacts | null => {
  if (view.getUint16(0) !== 0xffd8) return null
  let at = 2
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame)
      return { contentType: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return null
}
