import { zipSync } from 'fflate'

const encoder = new TextEncoder()
export const bytesOf = (text: string): Uint8Array => encoder.encode(text)

type XlsxParts = {
  /** Name, hidden, and the inside of <sheetData>. */
  sheets: { name: string; state?: string; data: string }[]
  shared?: string
  styles?: string
  date1904?: boolean
  level?: 0 | 9
  extra?: Record<string, Uint8Array>
}

/** A workbook written by hand, so that a test says exactly what is in the file. */
export const xlsx = ({ sheets, shared, styles, date1904, level = 9, extra = {} }: XlsxParts): Uint8Array => {
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`
  const relations = sheets.map((_, i) => relation(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`))
  if (shared !== undefined) relations.push(relation('rIdS', 'sharedStrings', 'sharedStrings.xml'))
  if (styles !== undefined) relations.push(relation('rIdT', 'styles', '/xl/styles.xml'))
  const files: Record<string, Uint8Array> = {
    '[Content_Types].xml': bytesOf('<Types/>'),
    '_rels/.rels': bytesOf(
      `<Relationships>${relation('r', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ),
    'xl/workbook.xml': bytesOf(
      `<workbook><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${sheets
        .map(
          (s, i) =>
            `<sheet name="${s.name}" sheetId="${i + 1}" state="${s.state ?? 'visible'}" r:id="rId${i + 1}"/>`,
        )
        .join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': bytesOf(`<Relationships>${relations.join('')}</Relationships>`),
    ...extra,
  }
  for (const [i, sheet] of sheets.entries()) {
    files[`xl/worksheets/sheet${i + 1}.xml`] = bytesOf(
      `<?xml version="1.0"?><worksheet><sheetData>${sheet.data}</sheetData></worksheet>`,
    )
  }
  if (shared !== undefined) files['xl/sharedStrings.xml'] = bytesOf(`<sst>${shared}</sst>`)
  if (styles !== undefined) files['xl/styles.xml'] = bytesOf(`<styleSheet>${styles}</styleSheet>`)
  return zipSync(files, { level })
}

/** One row of text cells, written inline. */
export const textRow = (row: number, ...cells: string[]): string =>
  `<row r="${row}">${cells
    .map((cell, i) => `<c r="${String.fromCharCode(65 + i)}${row}" t="inlineStr"><is><t>${cell}</t></is></c>`)
    .join('')}</row>`

export const ods = (content: string, extra: Record<string, Uint8Array> = {}): Uint8Array =>
  zipSync({
    mimetype: [bytesOf('application/vnd.oasis.opendocument.spreadsheet'), { level: 0 }],
    'content.xml': bytesOf(content),
    ...extra,
  })
