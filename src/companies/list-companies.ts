import type { Db } from '#src/db/open.ts'
import {
  filterParams,
  isFiltered,
  MAX_PAGE,
  PAGE_SIZE,
  readView,
  sortedBy,
  sortKeys,
  viewPath,
  type ListView,
  type SortKey,
} from './company-filter.ts'
import { COUNT_CAP, findCompanies, type CompanyRow } from './queries-list.ts'

/** One page of the list, with the addresses its links lead to. */
export type CompanyList = {
  view: ListView
  rows: CompanyRow[]
  /** Matching companies; `capped` means that there are more than this. */
  count: number
  capped: boolean
  pages: number
  filtered: boolean
  /** The filter as a query string, for forms and exports. */
  filterQuery: string
  path: string
  sortPaths: { key: SortKey; path: string }[]
  pagePath: (page: number) => string
}

/** Reads the view from the query string and fetches its page (`PAGE_SIZE` rows, pages bounded). */
export const listCompanies = async (db: Db, params: URLSearchParams): Promise<CompanyList> => {
  const view = readView(params)
  const { count, rows } = await findCompanies(db, view.filter, {
    sort: view.sort,
    direction: view.direction,
    limit: PAGE_SIZE,
    offset: (view.page - 1) * PAGE_SIZE,
  })
  const capped = count > COUNT_CAP
  return {
    view,
    rows,
    count: Math.min(count, COUNT_CAP),
    capped,
    pages: capped ? MAX_PAGE : Math.max(1, Math.ceil(count / PAGE_SIZE)),
    filtered: isFiltered(view.filter),
    filterQuery: filterParams(view.filter).toString(),
    path: viewPath(view),
    sortPaths: sortKeys.map((key) => ({ key, path: viewPath(sortedBy(view, key)) })),
    pagePath: (page) => viewPath({ ...view, page }),
  }
}
