import type { Child } from 'hono/jsx'

/** A short coloured word. The colour only repeats what the text says. */
export const Badge = ({ colour, children }: { colour: string; children?: Child }) => (
  <span class={`badge bg-${colour}-lt`}>{children}</span>
)

const severityColours: Record<string, string> = {
  critical: 'red',
  high: 'orange',
  medium: 'yellow',
  low: 'azure',
  info: 'secondary',
}

export const severityColour = (severity: string): string => severityColours[severity] ?? 'secondary'

const levelColours: Record<string, string> = {
  'very-high': 'red',
  high: 'orange',
  medium: 'yellow',
  low: 'azure',
  'very-low': 'green',
  parked: 'purple',
  unreachable: 'purple',
  unread: 'secondary',
  excluded: 'dark',
}

/** The better the prospect, the warmer the colour. */
export const levelColour = (level: string | null): string => levelColours[level ?? ''] ?? 'secondary'
