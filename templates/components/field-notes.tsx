/** What is wrong with a field, and what helps to fill it in; `aria-describedby` of the field names both. */
export const FieldNotes = ({
  name,
  error,
  hint,
}: {
  name: string
  error: string | undefined
  hint: string | undefined
}) => (
  <>
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
  </>
)
