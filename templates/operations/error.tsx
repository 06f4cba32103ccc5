import { CentredLayout, Layout } from '#templates/layout.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { errorMessages } from './error-messages.ts'

export type ErrorKind =
  | 'notFound'
  | 'forbidden'
  | 'restricted'
  | 'formTooOld'
  | 'refused'
  | 'tooLarge'
  | 'busy'
  | 'databaseDown'
  | 'starting'
  | 'diskFull'
  | 'failed'

type ErrorProps = {
  page: PageContext
  kind: ErrorKind
  /** The fields at fault, with what is wrong. */
  fields?: Record<string, string>
  /** What to look for in the server's log. */
  reference?: string | undefined
}

const textsOf = (page: PageContext, kind: ErrorKind): { title: string; text: string } => {
  const common = commonMessages(page.locale)
  const t = errorMessages(page.locale)
  const texts: Record<ErrorKind, { title: string; text: string }> = {
    notFound: { title: common.notFoundTitle, text: common.notFoundText },
    forbidden: { title: common.forbiddenTitle, text: common.forbiddenText },
    restricted: { title: common.restrictedTitle, text: common.restrictedText },
    formTooOld: { title: t.formTooOldTitle, text: t.formTooOldText },
    refused: { title: t.refusedTitle, text: t.refusedText },
    tooLarge: { title: t.tooLargeTitle, text: t.tooLargeText },
    busy: { title: t.busyTitle, text: t.busyText },
    databaseDown: { title: common.databaseDownTitle, text: common.databaseDownText },
    starting: { title: t.startingTitle, text: t.startingText },
    diskFull: { title: t.diskFullTitle, text: t.diskFullText },
    failed: { title: common.errorTitle, text: common.errorText },
  }
  return texts[kind]
}

const Body = ({ page, kind, fields = {}, reference }: ErrorProps) => (
  <>
    <p>
      {textsOf(page, kind).text}
      {reference && (
        <>
          {' '}
          <code>{reference}</code>
        </>
      )}
    </p>
    {Object.keys(fields).length > 0 && (
      <ul>
        {Object.entries(fields).map(([field, text]) => (
          <li>{`${field}: ${text}`}</li>
        ))}
      </ul>
    )}
  </>
)

/** An answer that is not what was asked for; within the product's frame when somebody is signed in. */
export const ErrorPage = (props: ErrorProps) => {
  const { title } = textsOf(props.page, props.kind)
  const back = kindsWithoutBack.has(props.kind) ? null : (
    <a class="btn btn-primary" href="/">
      {commonMessages(props.page.locale).backHome}
    </a>
  )
  const Frame = props.page.user ? Layout : CentredLayout
  return (
    <Frame page={props.page} title={title}>
      <Body {...props} />
      {back}
    </Frame>
  )
}

const kindsWithoutBack = new Set<ErrorKind>(['restricted', 'databaseDown', 'starting'])

/** The same for a part of a page that htmx has asked for. */
export const ErrorFragment = (props: ErrorProps) => (
  <div class="alert alert-danger" role="alert">
    <div>
      <strong>{textsOf(props.page, props.kind).title}</strong>
      <Body {...props} />
    </div>
  </div>
)
