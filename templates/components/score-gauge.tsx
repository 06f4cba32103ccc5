const RADIUS = 42
const LENGTH = 2 * Math.PI * RADIUS

/** A score of 0–100 as a ring; `label` says it in words. */
export const ScoreGauge = ({ value, label }: { value: number | null; label: string }) => (
  <svg class="score-gauge" viewBox="0 0 100 100" width="120" height="120" role="img" aria-label={label}>
    <circle
      cx="50"
      cy="50"
      r={RADIUS}
      fill="none"
      stroke="currentColor"
      stroke-opacity="0.15"
      stroke-width="10"
    />
    {value !== null && value > 0 && (
      <circle
        cx="50"
        cy="50"
        r={RADIUS}
        fill="none"
        class="score-gauge-value"
        stroke-width="10"
        stroke-linecap="round"
        stroke-dasharray={`${((LENGTH * Math.min(100, value)) / 100).toFixed(1)} ${LENGTH.toFixed(1)}`}
        transform="rotate(-90 50 50)"
      />
    )}
    <text x="50" y="58" text-anchor="middle" font-size="26" font-weight="600" fill="currentColor">
      {value ?? '–'}
    </text>
  </svg>
)
