import { decodeText } from './read-csv.ts'
import { DEFAULT_LIMITS, tableError, type TableFormat } from './table.ts'
import { openZip, partText } from './zip.ts'

const SAMPLE = 4_096
const MAX_CONTROL_SHARE = 0.1
const EXTENSIONS: Record<TableFormat, RegExp> = {
  xlsx: /\.(xlsx|xlsm|xltx|xltm)$/i,
  ods: /\.(ods|ots)$/i,
  xls: /\.(xls|xlt)$/i,
  csv: /\.(csv|tsv|tab|txt)$/i,
}

/** What a file is by its content; `expected` is false when its extension says something else. Throws `empty`,
 *  `encrypted`, `unreadable` or `not_a_table`. */
export const sniffFormat = (
  bytes: Uint8Array,
  fileName: string,
): { format: TableFormat; expected: boolean } => {
  if (bytes.length === 0) throw tableError('empty')
  const format = formatOf(bytes)
  return { format, expected: !/\.[a-z0-9]{1,5}$/i.test(fileName) || EXTENSIONS[format].test(fileName) }
}

const formatOf = (bytes: Uint8Array): TableFormat => {
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return 'xls'
  if (startsWith(bytes, [0x50, 0x4b])) return formatOfZip(bytes)
  refuseOtherFiles(bytes)
  return 'csv'
}

const startsWith = (bytes: Uint8Array, mark: number[]): boolean => mark.every((byte, i) => bytes[i] === byte)

const formatOfZip = (bytes: Uint8Array): TableFormat => {
  const zip = openZip(bytes, DEFAULT_LIMITS)
  if (zip.entries.has('[Content_Types].xml') || zip.entries.has('xl/workbook.xml')) {
    const isWorkbook = [...zip.entries.keys()].some((name) => /^(xl|workbook)\b|workbook\.xml$/i.test(name))
    if (isWorkbook) return 'xlsx'
    throw tableError('not_a_table', 'it is another kind of Office document')
  }
  if (!zip.entries.has('mimetype') || !zip.entries.has('content.xml')) {
    throw tableError('not_a_table', 'it is an archive: unpack it and choose the file inside')
  }
  const [type = ''] = partText(zip, 'mimetype')
  if (!type.includes('spreadsheet')) throw tableError('not_a_table', 'it is another kind of document')
  if (isEncryptedOds(zip)) throw tableError('encrypted')
  return 'ods'
}

const isEncryptedOds = (zip: ReturnType<typeof openZip>): boolean => {
  if (!zip.entries.has('META-INF/manifest.xml')) return false
  let manifest = ''
  for (const piece of partText(zip, 'META-INF/manifest.xml')) {
    manifest += piece
    if (manifest.length > 1024 * 1024) break
  }
  return manifest.includes('encryption-data')
}

const refuseOtherFiles = (bytes: Uint8Array): void => {
  const text = decodeText(bytes.subarray(0, SAMPLE))
  const start = text.trimStart().slice(0, 200).toLowerCase()
  if (start === '' && bytes.length <= SAMPLE) throw tableError('empty')
  if (/^(<!doctype html|<html|<head|<table|<meta|<body)/.test(start))
    throw tableError('not_a_table', 'it is a web page')
  if (/^(<\?xml|<[a-z]+:?workbook)/.test(start)) throw tableError('not_a_table', 'it is an XML file')
  if (/^[{[]\s*["{[\]}]/.test(start)) throw tableError('not_a_table', 'it is a JSON file')
  if (/^(%pdf-|\{\\rtf|gif8|\u0089png)/.test(start)) throw tableError('not_a_table')
  const controls = text.match(/(?![\t-\r])[\p{Cc}\ufffd]/gu)?.length ?? 0
  if (controls > text.length * MAX_CONTROL_SHARE) throw tableError('not_a_table', 'it is not text')
}
