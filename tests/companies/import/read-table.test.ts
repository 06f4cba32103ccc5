import { describe, expect, test } from 'bun:test'
import { bytesOf, ods, textRow, xlsx } from './make-files.ts'
import { HEADER, csv, fixture, read } from './read-file.ts'

describe('files written by LibreOffice', () => {
  for (const format of ['xlsx', 'ods', 'xls'] as const) {
    test(`an .${format} file gives its first visible sheet with data, with values as a person wrote them`, async () => {
      const table = await read(await fixture(`entreprises.${format}`), `entreprises.${format}`)
      expect(table.format).toBe(format)
      expect(table.sheets).toEqual(['Vide', 'Entreprises', 'Autre', 'Cachée'])
      expect(table.sheet).toBe('Entreprises')
      expect(table.headerRow).toBe(3)
      expect(table.header.slice(0, 4)).toEqual(['Raison sociale', 'Site web', 'Code postal', 'Téléphone'])
      expect(table.rows.map(({ row }) => row)).toEqual([4, 6])
      const [eric, garage] = table.cells
      expect(eric!.slice(0, 2)).toEqual(['Boulangerie Éric & Fils', 'www.boulangerie-eric.fr'])
      expect(eric!.slice(3, 8)).toEqual(['33387000001', '48.5', '4.5', '2024-02-29', 'true'])
      expect(eric![8]).toBe('ligne 1\nligne  2')
      expect(garage!.slice(2, 8)).toEqual(['01000', '', '', '0.1', '1999-12-31T08:30:00', 'false'])
      expect(garage![0]).toBe('Garage 東京')
      expect(table.warnings).toEqual({ error_cells: 2 })
    })
  }

  test('a number shown with leading zeros keeps them', async () => {
    for (const format of ['xlsx', 'ods', 'xls']) {
      const table = await read(await fixture(`entreprises.${format}`), `entreprises.${format}`)
      expect(table.cells[0]![2]).toBe('01000')
    }
  })

  test('a hidden sheet is read when it is asked for by name', async () => {
    for (const format of ['xlsx', 'ods', 'xls']) {
      const table = await read(await fixture(`entreprises.${format}`), 'x', { sheet: 'Cachée' })
      expect(table.cells).toEqual([['secret 2']])
    }
  })

  test('a Windows-1252 file with semicolons and a cell of two lines is read', async () => {
    const table = await read(await fixture('entreprises-windows-1252.csv'), 'entreprises.csv')
    expect(table.header[3]).toBe('Téléphone')
    expect(table.cells[0]![0]).toBe('Boulangerie Éric & Fils')
    expect(table.rows.map(({ row }) => row)).toEqual([4, 6])
    expect(table.warnings).toEqual({ error_cells: 2 })
  })
})

describe('cells of a workbook', () => {
  const cells = async (data: string, more: Omit<Parameters<typeof xlsx>[0], 'sheets'> = {}) => {
    const row = `<row r="2"><c r="A2" t="inlineStr"><is><t>Paul</t></is></c>${data}</row>`
    const table = await read(xlsx({ ...more, sheets: [{ name: 'S', data: HEADER + row }] }))
    return { cells: table.cells[0]!.slice(1), warnings: table.warnings }
  }

  test('a formula gives the value the program stored, never its text', async () => {
    const found = await cells(
      '<c r="B2" t="str"><f>HYPERLINK("http://evil")</f><v>https://a.fr</v></c><c r="C2"><f>1+1</f><v>2</v></c>',
    )
    expect(found.cells).toEqual(['https://a.fr', '2'])
  })

  test('a formula without a stored value is empty', async () => {
    expect((await cells('<c r="B2"><f>A1</f></c>')).cells).toEqual(['', ''])
  })

  test('an error cell is empty and counted, also when it is only text', async () => {
    const found = await cells(
      '<c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="inlineStr"><is><t>#VALEUR !</t></is></c>',
    )
    expect(found).toEqual({ cells: ['', ''], warnings: { error_cells: 2 } })
  })

  test('a row of errors alone is kept, so that it is counted and refused', async () => {
    const error = (cell: string) => `<c r="${cell}" t="e"><v>#REF!</v></c>`
    const data = `${HEADER}${textRow(2, 'Paul')}<row r="3">${error('A3')}${error('B3')}</row>${textRow(4, ' ')}`
    const table = await read(xlsx({ sheets: [{ name: 'S', data }] }))
    expect(table.rows.map(({ row }) => row)).toEqual([2, 3])
    const text = await csv('nom;site\nPaul;a.fr\n#N/A;#NOM?\n;\n')
    expect(text.cells).toEqual([
      ['Paul', 'a.fr'],
      ['', ''],
    ])
  })

  test('the name of a sheet or a file has nothing in it that a database refuses', async () => {
    const table = await csv('nom;site\nPaul;a.fr\n', 'liste\u0000\u202e.csv')
    expect(table.sheet).toBe('liste.csv')
  })

  test('a number has no exponent and no binary noise', async () => {
    const found = await cells('<c r="B2"><v>3.3387000001E10</v></c><c r="C2"><v>6.1770000000000005</v></c>')
    expect(found.cells).toEqual(['33387000001', '6.177'])
  })

  test('a SIRET of 14 digits and a tiny number stay exact', async () => {
    const found = await cells('<c r="B2"><v>73282932000074</v></c><c r="C2"><v>1.5E-7</v></c>')
    expect(found.cells).toEqual(['73282932000074', '0.00000015'])
  })

  test('a phone format shows its first zero, a money format adds nothing, a date becomes ISO', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="0#&quot; &quot;##&quot; &quot;##&quot; &quot;##&quot; &quot;##"/><numFmt numFmtId="165" formatCode="#,##0.00\\ &quot;€&quot;"/><numFmt numFmtId="166" formatCode="[$-40C]d\\ mmmm\\ yyyy"/></numFmts><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>'
    const found = await cells('<c r="B2" s="1"><v>387000001</v></c><c r="C2" s="2"><v>12.5</v></c>', {
      styles,
    })
    expect(found.cells).toEqual(['0387000001', '12.5'])
    expect((await cells('<c r="B2" s="3"><v>45351</v></c>', { styles })).cells[0]).toBe('2024-02-29')
    expect((await cells('<c r="B2" s="3"><v>43889</v></c>', { styles, date1904: true })).cells[0]).toBe(
      '2024-02-29',
    )
  })

  test('shared strings join their runs and leave pronunciation guides out', async () => {
    const shared = '<si><r><t>Bon</t></r><r><t xml:space="preserve"> pain</t></r><rPh><t>ボン</t></rPh></si>'
    expect(
      (await cells('<c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>9</v></c>', { shared })).cells,
    ).toEqual(['Bon pain', ''])
  })

  test('control characters, NUL escapes, odd spaces and split accents are made plain', async () => {
    const found = await cells(
      '<c r="B2" t="inlineStr"><is><t>_x0000_Cafe\u0301\u00a0\u200bNoir&#x2;_x000D_\n</t></is></c><c r="C2" t="inlineStr"><is><t>a &amp;amp; b</t></is></c>',
    )
    expect(found.cells).toEqual(['Café Noir', 'a &amp; b'])
  })

  test('cells and rows without references take the next place', async () => {
    const data =
      '<row><c t="inlineStr"><is><t>Nom</t></is></c><c t="inlineStr"><is><t>Ville</t></is></c></row><row><c t="inlineStr"><is><t>Paul</t></is></c><c><v>7</v></c></row>'
    expect((await read(xlsx({ sheets: [{ name: 'S', data }] }))).rows).toEqual([
      { row: 2, cells: ['Paul', '7'] },
    ])
  })

  test('prefixed tags, attributes with brackets, comments and CDATA are read', async () => {
    const data = `<x:row r="1"><x:c r="A1" t="inlineStr" z="a>b"><x:is><x:t>Nom</x:t></x:is></x:c></x:row><!-- <row> --><row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[P & <b>]]></t></is></c></row>`
    expect((await read(xlsx({ sheets: [{ name: 'S', data }] }))).cells).toEqual([['P & <b>']])
  })
})

describe('shape of a sheet', () => {
  test('blank rows are not counted and the others keep the sheet’s numbers', async () => {
    const data = HEADER + '<row r="2"/>' + textRow(3, 'A') + textRow(4, ' ', '') + textRow(9, 'B')
    expect((await read(xlsx({ sheets: [{ name: 'S', data }] }))).rows.map(({ row }) => row)).toEqual([3, 9])
  })

  test('a header below a title and a note is found', async () => {
    const data =
      textRow(2, 'Mes prospects 2024') +
      textRow(3, 'Export du 3 mai', 'v2') +
      textRow(5, 'Nom', 'Site web', 'Ville') +
      textRow(6, 'Paul', 'paul.fr', 'Metz')
    const table = await read(xlsx({ sheets: [{ name: 'S', data }] }))
    expect(table.headerRow).toBe(5)
    expect(table.rows).toEqual([{ row: 6, cells: ['Paul', 'paul.fr', 'Metz'] }])
  })

  test('columns with unknown names still have the first full row as header', async () => {
    const table = await csv('Truc;Machin;Bidule\na;b;c\n')
    expect(table.header).toEqual(['Truc', 'Machin', 'Bidule'])
    expect(table.headerRow).toBe(1)
  })

  test('a file whose first row is already a company gets a made-up header and loses no row', async () => {
    const table = await csv('Boulangerie Paul;https://paul.fr;57000\nGarage Luc;https://luc.fr;54000\n')
    expect(table.headerRow).toBe(0)
    expect(table.header).toEqual(['Column 1', 'Column 2', 'Column 3'])
    expect(table.rows.map(({ row }) => row)).toEqual([1, 2])
    expect(table.warnings).toEqual({ no_header: 1 })
  })

  test('a first row of data that holds a word like a column name is still data', async () => {
    const table = await csv('Boutique Paul;Commerce;https://paul.fr\nLuc;Garage;luc.fr\n')
    expect(table.headerRow).toBe(0)
    expect(table.rows).toHaveLength(2)
  })

  test('short rows are filled, long ones cut, and both are counted', async () => {
    const table = await csv('Nom;Ville\nA\nB;Metz;trop\nC;Toul;;\n')
    expect(table.cells).toEqual([
      ['A', ''],
      ['B', 'Metz'],
      ['C', 'Toul'],
    ])
    expect(table.warnings).toEqual({ short_rows: 1, long_rows: 1 })
  })

  test('columns past the limit are left out and counted', async () => {
    const far = '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c><c r="XFD2"><v>1</v></c></row>'
    const table = await read(xlsx({ sheets: [{ name: 'S', data: HEADER + far }] }))
    expect(table.cells).toEqual([['A', '', '']])
    expect(table.warnings).toEqual({ cut_columns: 1 })
  })

  test('a cell longer than a spreadsheet allows is cut and counted', async () => {
    const table = await csv(`Nom;Notes\nA;${'x'.repeat(40_000)}\n`)
    expect(table.cells[0]![1]).toHaveLength(32_767)
    expect(table.warnings).toEqual({ cut_cells: 1 })
  })

  test('a merged title and merged cells keep the value in the first of them only', async () => {
    const content =
      '<d><table:table table:name="S"><table:table-row><table:table-cell><text:p>Nom</text:p></table:table-cell><table:table-cell><text:p>Ville</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Paul</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table></d>'
    expect((await read(ods(content), 'a.ods')).cells).toEqual([['Paul', '']])
  })

  test('repeated cells and rows of an .ods file are laid out, comments left aside', async () => {
    const cell = (text: string, attributes = '') =>
      `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`
    const content = `<d><table:table table:name="S"><table:table-row>${cell('Nom')}${cell('Ville')}${cell('Pays')}</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell><office:annotation><text:p>non</text:p></office:annotation><text:p>Pa<text:span>ul</text:span><text:s text:c="2"/>x</text:p></table:table-cell>${cell('Metz', 'table:number-columns-repeated="2"')}<table:table-cell table:number-columns-repeated="16000"/></table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table></d>`
    const table = await read(ods(content), 'a.ods')
    expect(table.rows).toEqual([
      { row: 2, cells: ['Paul  x', 'Metz', 'Metz'] },
      { row: 3, cells: ['Paul  x', 'Metz', 'Metz'] },
    ])
  })
})

describe('delimited text', () => {
  const LINES = (d: string) => `name${d}city\r\nPaul${d}Metz\r\n`
  for (const [name, delimiter] of [
    ['semicolon', ';'],
    ['comma', ','],
    ['tab', '\t'],
    ['bar', '|'],
  ] as const) {
    test(`a ${name} is recognised as the delimiter`, async () => {
      expect((await csv(LINES(delimiter))).cells).toEqual([['Paul', 'Metz']])
    })
  }

  test('decimal commas do not pass for delimiters', async () => {
    const table = await csv('nom;lat;lon\nA;48,5;6,1\nB;49,5;6,2\n')
    expect(table.cells).toEqual([
      ['A', '48,5', '6,1'],
      ['B', '49,5', '6,2'],
    ])
  })

  test('UTF-8 with and without mark, UTF-16 with and without mark and Windows-1252 are all read', async () => {
    const text = 'Nom;Ville\nÉric;Épinal\n'
    const utf16 = Buffer.from(text, 'utf16le')
    const big = Buffer.from(utf16).swap16()
    const latin = Uint8Array.from(text, (char) => char.charCodeAt(0))
    const files = [
      bytesOf(text),
      bytesOf(`\ufeff${text}`),
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
      utf16,
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
      latin,
    ]
    for (const file of files)
      expect((await read(new Uint8Array(file), 'a.csv')).cells).toEqual([['Éric', 'Épinal']])
  })

  test('the euro and the curly apostrophe of Windows-1252 are not lost', async () => {
    const bytes = new Uint8Array([...bytesOf('Nom;Notes\nL'), 0x92, ...bytesOf('Atelier;12 '), 0x80])
    expect((await read(bytes, 'a.csv')).cells).toEqual([['L’Atelier', '12 €']])
  })

  test('quotes, doubled quotes and line breaks inside cells are understood; a record counts one row', async () => {
    const table = await csv('Nom;Notes\n"A ""B"" ; C";"1\r\n2"\nD;E\n')
    expect(table.rows).toEqual([
      { row: 2, cells: ['A "B" ; C', '1\n2'] },
      { row: 3, cells: ['D', 'E'] },
    ])
  })

  test('a quote that is never closed costs its own line, not the rest of the file', async () => {
    const table = await csv(`Nom;Ville\n"Chez Paul;Metz\n${'A;B\n'.repeat(300)}`)
    expect(table.cells[0]).toEqual(['Chez Paul', 'Metz'])
    expect(table.cells).toHaveLength(301)
    expect(table.warnings).toEqual({ stray_quotes: 1 })
  })

  test('an inch sign inside a cell stays', async () => {
    expect((await csv('Nom;Notes\nTV;5" écran\n')).cells).toEqual([['TV', '5" écran']])
  })

  test('old Mac line ends and a sep= line are accepted', async () => {
    const table = await csv('sep=|\rNom|Ville\rA|B\r')
    expect(table.rows).toEqual([{ row: 2, cells: ['A', 'B'] }])
  })

  test('NUL bytes are taken out', async () => {
    expect((await csv('Nom;Ville\nPa\u0000ul;Metz\n')).cells).toEqual([['Paul', 'Metz']])
  })

  test('the apostrophe that an export puts before a formula is taken away', async () => {
    expect((await csv("Nom;Notes\n'=1+1;l'été\n")).cells).toEqual([['=1+1', "l'été"]])
  })

  test('one column without any delimiter is a table', async () => {
    expect((await csv('Nom\nPaul\nLuc\n')).cells).toEqual([['Paul'], ['Luc']])
  })
})
