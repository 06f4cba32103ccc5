declare module '@socialgouv/jours-feries' {
  /** Public holidays of a year by name, each at midnight of the process's own time zone. */
  const publicHolidays: (year: number, options: { alsace: boolean }) => Record<string, Date>
  export default publicHolidays
}
