import { catalogue, type Locale } from '#src/lib/i18n.ts'

/** Why a row was not imported. */
export const rejectReasons = catalogue({
  fr: {
    no_name: 'Il manque le nom de l’entreprise.',
    total: 'C’est une ligne de total, pas une entreprise.',
    unreadable: 'La ligne n’a pas pu être lue.',
  },
  en: {
    no_name: 'The company’s name is missing.',
    total: 'This is a line of totals, not a company.',
    unreadable: 'The row could not be read.',
  },
})

/** Columns put before those of the file in the list of rejected rows. */
export const rejectedColumns = catalogue({
  fr: { row: 'Ligne du fichier', reason: 'Raison du refus' },
  en: { row: 'Row of the file', reason: 'Reason' },
})

/** Why a file, or what was asked for it, is refused, and what to do. */
export const importProblems = catalogue({
  fr: {
    no_file: 'Choisissez d’abord un fichier.',
    empty:
      'Le fichier ne contient aucune ligne à importer. Vérifiez que c’est le bon fichier et la bonne feuille.',
    too_large: 'Le fichier est trop volumineux. Découpez-le en plusieurs fichiers, ou retirez-en les images.',
    too_many_rows: 'La feuille dépasse 100 000 lignes. Découpez-la en plusieurs fichiers.',
    zip_bomb: 'Une fois décompressé, le fichier devient démesuré pour un tableau ; il est refusé.',
    encrypted: 'Le fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe et recommencez.',
    not_a_table:
      'Ce fichier n’est pas un tableau. Enregistrez-le en .xlsx, .ods, .xls ou .csv depuis votre tableur et recommencez.',
    unreadable:
      'Le fichier est abîmé et illisible. Ouvrez-le dans un tableur, enregistrez-le de nouveau et recommencez.',
    unknown_sheet: 'Cette feuille n’existe pas dans le fichier.',
    no_name_column: 'Indiquez la colonne qui contient le nom de l’entreprise.',
    import_busy: 'Cet import est déjà en cours ou terminé.',
    import_not_done: 'Cet import n’est pas terminé, ou il a déjà été annulé.',
    import_not_found: 'Cet import n’existe plus.',
    import_gone: 'Le fichier de cet import n’est plus là. Envoyez-le de nouveau.',
    crashed: 'L’import s’est interrompu plusieurs fois. Relancez-le.',
    disk_full: 'Le disque du serveur est plein. Libérez de la place, puis relancez l’import.',
    unexpected: 'Une erreur inattendue a interrompu l’import. Relancez-le.',
  },
  en: {
    no_file: 'Choose a file first.',
    empty: 'The file has no row to import. Make sure that it is the right file and the right sheet.',
    too_large: 'The file is too large. Split it into several files, or remove its pictures.',
    too_many_rows: 'The sheet has more than 100,000 rows. Split it into several files.',
    zip_bomb: 'The file unpacks to far more than a spreadsheet should; it was refused.',
    encrypted: 'The file is protected by a password. Save it without one and try again.',
    not_a_table:
      'This file is not a spreadsheet. Save it as .xlsx, .ods, .xls or .csv from your spreadsheet program and try again.',
    unreadable:
      'The file is damaged and cannot be read. Open it in a spreadsheet program, save it again and try again.',
    unknown_sheet: 'The file has no such sheet.',
    no_name_column: 'Say which column holds the company’s name.',
    import_busy: 'This import is already at work or has ended.',
    import_not_done: 'This import has not finished, or was undone already.',
    import_not_found: 'This import no longer exists.',
    import_gone: 'The file of this import is gone. Upload it again.',
    crashed: 'The import broke off several times. Start it again.',
    disk_full: 'The disk of the server is full. Make room, then start the import again.',
    unexpected: 'An unexpected error broke the import off. Start it again.',
  },
})

/** What was mended while a file was read; the number says how often. */
export const readWarnings = catalogue({
  fr: {
    wrong_extension: 'L’extension du fichier ne correspond pas à son contenu ; le contenu a été suivi.',
    no_header: 'Le fichier n’a pas de ligne d’en-tête ; les colonnes ont été numérotées.',
    error_cells: (times: number) => `Cellules avec une erreur de formule, lues comme vides : ${times}.`,
    cut_cells: (times: number) => `Cellules démesurées, raccourcies : ${times}.`,
    short_rows: (times: number) => `Lignes avec moins de cellules que l’en-tête : ${times}.`,
    long_rows: (times: number) => `Lignes avec plus de cellules que l’en-tête, l’excédent ignoré : ${times}.`,
    cut_columns: 'Le fichier a trop de colonnes ; seules les 256 premières sont lues.',
    stray_quotes: (times: number) => `Guillemets mal fermés, lus tels quels : ${times}.`,
  },
  en: {
    wrong_extension: 'The file’s extension does not match its content; the content decided.',
    no_header: 'The file has no header row; its columns were numbered.',
    error_cells: (times: number) => `Cells with a formula error, read as empty: ${times}.`,
    cut_cells: (times: number) => `Enormous cells, cut: ${times}.`,
    short_rows: (times: number) => `Rows with fewer cells than the header: ${times}.`,
    long_rows: (times: number) => `Rows with more cells than the header, the rest ignored: ${times}.`,
    cut_columns: 'The file has too many columns; only the first 256 are read.',
    stray_quotes: (times: number) => `Stray quotes, read as they stand: ${times}.`,
  },
})

export const rejectReasonText = (locale: Locale, code: string): string => {
  const texts: Record<string, string> = rejectReasons(locale)
  return texts[code] ?? code
}

export const importProblemText = (locale: Locale, code: string): string => {
  const texts: Record<string, string> = importProblems(locale)
  return texts[code] ?? importProblems(locale).unexpected
}

export const readWarningText = (locale: Locale, code: string, times: number): string => {
  const texts: Record<string, string | ((times: number) => string)> = readWarnings(locale)
  const text = texts[code] ?? code
  return typeof text === 'string' ? text : text(times)
}
