import type { Child } from 'hono/jsx'

type BoxesProps = {
  name: string
  label: string
  options: { value: string | number; text: string }[]
  chosen: readonly (string | number)[]
}

/** A list of which several may be chosen, folded together while it has none. Values that are chosen but no longer offered
 *  stay, so that nothing is lost by saving. */
export const Boxes = ({ name, label, options, chosen }: BoxesProps) => {
  const picked = new Set(chosen.map(String))
  const offered = new Set(options.map(({ value }) => String(value)))
  const others = [...picked].filter((value) => !offered.has(value)).map((value) => ({ value, text: value }))
  const all = [...options, ...others]
  if (all.length === 0) return null
  return (
    <details class="mb-2" open={picked.size > 0}>
      <summary>
        {label}
        {picked.size > 0 && <span class="badge bg-blue-lt ms-2">{picked.size}</span>}
      </summary>
      <fieldset class="mt-2">
        <legend class="visually-hidden">{label}</legend>
        <div class="row g-1">
          {all.map(({ value, text }) => (
            <div class="col-12 col-sm-6 col-xl-4">
              <label class="form-check mb-1">
                <input
                  class="form-check-input"
                  type="checkbox"
                  name={name}
                  value={value}
                  checked={picked.has(String(value))}
                />
                <span class="form-check-label text-break" data-foreign>
                  {text}
                </span>
              </label>
            </div>
          ))}
        </div>
      </fieldset>
    </details>
  )
}

type TextProps = {
  name: string
  label: string
  value: string | number | null
  hint?: string
  error?: string | undefined
  type?: 'text' | 'number' | 'search'
  min?: number
  max?: number
  placeholder?: string
  suggestions?: readonly { value: string }[]
}

/** A labelled text or number with what it may be. */
export const Text = ({ name, label, value, hint, error, suggestions, type = 'text', ...rest }: TextProps) => {
  const described = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ')
  return (
    <div class="mb-3">
      <label class="form-label" for={`field-${name}`}>
        {label}
      </label>
      <input
        id={`field-${name}`}
        class={error ? 'form-control is-invalid' : 'form-control'}
        name={name}
        type={type}
        value={value ?? ''}
        list={suggestions ? `list-${name}` : undefined}
        autocomplete="off"
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={described || undefined}
        {...rest}
      />
      {error && (
        <div id={`${name}-error`} class="invalid-feedback">
          {error}
        </div>
      )}
      {hint && (
        <div id={`${name}-hint`} class="form-hint">
          {hint}
        </div>
      )}
      {suggestions && (
        <datalist id={`list-${name}`}>
          {suggestions.map((one) => (
            <option value={one.value} />
          ))}
        </datalist>
      )}
    </div>
  )
}

/** A labelled choice of one. */
export const Pick = (props: {
  name: string
  label: string
  chosen: string | number
  options: { value: string | number; text: string }[]
}) => (
  <div class="mb-3">
    <label class="form-label" for={`field-${props.name}`}>
      {props.label}
    </label>
    <select class="form-select" name={props.name} id={`field-${props.name}`}>
      {props.options.map(({ value, text }) => (
        <option value={value} selected={String(value) === String(props.chosen)}>
          {text}
        </option>
      ))}
    </select>
  </div>
)

/** One box that is ticked or not. */
export const Tick = (props: { name: string; label: string; checked: boolean; hint?: string }) => (
  <label class="form-check mb-2">
    <input class="form-check-input" type="checkbox" name={props.name} value="1" checked={props.checked} />
    <span class="form-check-label">{props.label}</span>
    {props.hint && <span class="form-check-description">{props.hint}</span>}
  </label>
)

/** A part of the criteria, open where something of it is set. */
export const Part = (props: { title: string; open: boolean; children?: Child }) => (
  <details class="mb-3 border-top pt-3" open={props.open}>
    <summary class="h4 mb-2">{props.title}</summary>
    {props.children}
  </details>
)
