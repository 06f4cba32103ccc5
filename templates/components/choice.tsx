import type { FormState } from '#templates/page.ts'
import { FieldNotes } from './field-notes.tsx'

type ChoiceProps = {
  name: string
  label: string
  form: FormState
  value: string
  options: { value: string; label: string }[]
  hint?: string
  autofocus?: boolean
}

/** A labelled list of which one is chosen. */
export const Choice = ({ name, label, form, value, options, hint, autofocus }: ChoiceProps) => {
  const chosen = form.values[name] ?? value
  const error = form.errors[name]
  const described = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ')
  return (
    <div class="mb-3">
      <label class="form-label" for={`field-${name}`}>
        {label}
      </label>
      <select
        id={`field-${name}`}
        name={name}
        class={error ? 'form-select is-invalid' : 'form-select'}
        autofocus={autofocus}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={described || undefined}
      >
        {options.map((option) => (
          <option value={option.value} selected={option.value === chosen}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldNotes name={name} error={error} hint={hint} />
    </div>
  )
}
