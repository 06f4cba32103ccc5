import type { FormState } from '#templates/page.ts'
import { FieldNotes } from './field-notes.tsx'

type FieldProps = {
  name: string
  label: string
  form: FormState
  type?: string
  required?: boolean
  autocomplete?: string
  hint?: string
  value?: string
  placeholder?: string
  autofocus?: boolean
  /** The id of a list of suggestions. */
  list?: string
}

/** A labelled input that keeps what was typed and shows what is wrong with it. */
export const Field = ({ name, label, form, type = 'text', hint, value, ...rest }: FieldProps) => {
  const error = form.errors[name]
  const help = [hint ? `${name}-hint` : '', error ? `${name}-error` : ''].filter(Boolean).join(' ')
  return (
    <div class="mb-3">
      <label class={rest.required ? 'form-label required' : 'form-label'} for={`field-${name}`}>
        {label}
      </label>
      <input
        id={`field-${name}`}
        class={error ? 'form-control is-invalid' : 'form-control'}
        name={name}
        type={type}
        value={type === 'password' ? '' : (form.values[name] ?? value ?? '')}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={help || undefined}
        {...rest}
      />
      <FieldNotes name={name} error={error} hint={hint} />
    </div>
  )
}

/** The hidden field every form that changes something carries. */
export const CsrfField = ({ token }: { token: string }) => <input type="hidden" name="csrf" value={token} />
