import type { Child } from 'hono/jsx'
import type { AudienceView } from '#src/campaigns/audience/view-audience.ts'
import type { PageContext } from '#templates/page.ts'
import { FilterFields } from './filter-fields.tsx'
import { audienceMessages, audienceText } from './messages.ts'

type Props = { page: PageContext; view: AudienceView }

/** Whom an audience is for, as part of any form: read back by campaigns/audience/read-audience.ts. `inSegment` leaves
 *  out the choice of a segment, as none is made of another. What is changed is counted again beside it (AudienceCount,
 *  which must be on the same page). */
export const AudienceFields = ({ page, view, inSegment = false }: Props & { inSegment?: boolean }) => {
  const t = audienceMessages(page.locale)
  const { audience, options, problems } = view
  const errorOf = (field: 'segmentId' | 'objective' | 'groupIds'): string | undefined =>
    problems[field] && t[problems[field]]
  return (
    <CountedZone>
      <h2 class="h3">{t.who}</h2>
      <fieldset>
        <legend class="visually-hidden">{t.who}</legend>
        {audience.companyIds.length > 0 && (
          <>
            <input type="hidden" name="companyIds" value={audience.companyIds.join(',')} />
            <Mode mode="picked" view={view} label={t.mode_picked(audience.companyIds.length)} />
          </>
        )}
        <Mode mode="filter" view={view} label={t.mode_filter} />
        <Mode mode="objective" view={view} label={t.mode_objective}>
          <Chosen
            name="objective"
            label={t.objective}
            any={t.chooseOne}
            chosen={audience.objective ?? ''}
            error={errorOf('objective')}
            options={options.objectives.map((value) => ({
              value,
              text: audienceText(page.locale, 'objective', value),
            }))}
          />
        </Mode>
        {!inSegment && (
          <Mode mode="segment" view={view} label={t.mode_segment}>
            {options.segments.length === 0 ? (
              <p class="text-secondary mb-0">
                {t.noSegment} <a href="/segments/new">{t.newSegment}</a>
              </p>
            ) : (
              <Chosen
                name="segmentId"
                label={t.segment}
                any={t.chooseOne}
                chosen={audience.segmentId ?? ''}
                error={errorOf('segmentId')}
                options={options.segments.map(({ id, name }) => ({ value: id, text: name }))}
              />
            )}
          </Mode>
        )}
        <Mode mode="groups" view={view} label={t.mode_groups}>
          <GroupBoxes page={page} view={view} error={errorOf('groupIds')} />
        </Mode>
      </fieldset>
      {audience.excludedIds.length > 0 && (
        <input type="hidden" name="excludedIds" value={audience.excludedIds.join(',')} />
      )}
      <p class="text-secondary">{t.modeHint}</p>
      <FilterFields page={page} view={view} />
    </CountedZone>
  )
}

/** Whatever changes in here is counted again. */
export const CountedZone = ({ children }: { children?: Child }) => (
  <div
    hx-post="/audience/count"
    hx-trigger="change delay:150ms, input changed delay:600ms"
    hx-include="closest form"
    hx-target="#audience-count"
    hx-swap="outerHTML"
    hx-sync="this:replace"
  >
    {children}
  </div>
)

const Mode = (props: { mode: string; view: AudienceView; label: string; children?: Child }) => (
  <div class="mb-2">
    <label class="form-check mb-1">
      <input
        class="form-check-input"
        type="radio"
        name="mode"
        value={props.mode}
        checked={props.view.audience.mode === props.mode}
      />
      <span class="form-check-label">{props.label}</span>
    </label>
    {props.children && <div class="ms-4">{props.children}</div>}
  </div>
)

const Chosen = (props: {
  name: string
  label: string
  any: string
  chosen: string | number
  error: string | undefined
  options: { value: string | number; text: string }[]
}) => (
  <>
    <select
      class={props.error ? 'form-select is-invalid' : 'form-select'}
      name={props.name}
      aria-label={props.label}
      aria-invalid={props.error ? 'true' : undefined}
      aria-describedby={props.error ? `${props.name}-error` : undefined}
    >
      <option value="">{props.any}</option>
      {props.options.map(({ value, text }) => (
        <option value={value} selected={String(value) === String(props.chosen)}>
          {text}
        </option>
      ))}
    </select>
    {props.error && (
      <div class="invalid-feedback" id={`${props.name}-error`}>
        {props.error}
      </div>
    )}
  </>
)

const GroupBoxes = ({ page, view, error }: Props & { error: string | undefined }) => {
  const t = audienceMessages(page.locale)
  const { groups } = view.options
  if (groups.length === 0)
    return (
      <p class="text-secondary mb-0">
        {t.noGroup} <a href="/groups">{t.groups}</a>
      </p>
    )
  return (
    <>
      {groups.map(({ id, name }) => (
        <label class="form-check form-check-inline">
          <input
            class={error ? 'form-check-input is-invalid' : 'form-check-input'}
            type="checkbox"
            name="groupIds"
            value={id}
            checked={view.audience.groupIds.includes(id)}
          />
          <span class="form-check-label text-break">{name}</span>
        </label>
      ))}
      {error && <div class="invalid-feedback d-block">{error}</div>}
    </>
  )
}
