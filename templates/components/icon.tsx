import { raw } from 'hono/html'
import alertTriangle from '@tabler/icons/icons/outline/alert-triangle.svg' with { type: 'text' }
import briefcase from '@tabler/icons/icons/outline/briefcase.svg' with { type: 'text' }
import building from '@tabler/icons/icons/outline/building-store.svg' with { type: 'text' }
import check from '@tabler/icons/icons/outline/check.svg' with { type: 'text' }
import chevronDown from '@tabler/icons/icons/outline/chevron-down.svg' with { type: 'text' }
import chevronRight from '@tabler/icons/icons/outline/chevron-right.svg' with { type: 'text' }
import chevronUp from '@tabler/icons/icons/outline/chevron-up.svg' with { type: 'text' }
import clock from '@tabler/icons/icons/outline/clock.svg' with { type: 'text' }
import download from '@tabler/icons/icons/outline/download.svg' with { type: 'text' }
import edit from '@tabler/icons/icons/outline/edit.svg' with { type: 'text' }
import externalLink from '@tabler/icons/icons/outline/external-link.svg' with { type: 'text' }
import fileImport from '@tabler/icons/icons/outline/file-import.svg' with { type: 'text' }
import filter from '@tabler/icons/icons/outline/filter.svg' with { type: 'text' }
import home from '@tabler/icons/icons/outline/home.svg' with { type: 'text' }
import lock from '@tabler/icons/icons/outline/lock.svg' with { type: 'text' }
import logout from '@tabler/icons/icons/outline/logout.svg' with { type: 'text' }
import mail from '@tabler/icons/icons/outline/mail.svg' with { type: 'text' }
import mapPin from '@tabler/icons/icons/outline/map-pin.svg' with { type: 'text' }
import merge from '@tabler/icons/icons/outline/arrow-merge.svg' with { type: 'text' }
import minus from '@tabler/icons/icons/outline/minus.svg' with { type: 'text' }
import pause from '@tabler/icons/icons/outline/player-pause.svg' with { type: 'text' }
import phone from '@tabler/icons/icons/outline/phone.svg' with { type: 'text' }
import play from '@tabler/icons/icons/outline/player-play.svg' with { type: 'text' }
import plus from '@tabler/icons/icons/outline/plus.svg' with { type: 'text' }
import refresh from '@tabler/icons/icons/outline/refresh.svg' with { type: 'text' }
import search from '@tabler/icons/icons/outline/search.svg' with { type: 'text' }
import settings from '@tabler/icons/icons/outline/settings.svg' with { type: 'text' }
import shield from '@tabler/icons/icons/outline/shield.svg' with { type: 'text' }
import star from '@tabler/icons/icons/outline/star.svg' with { type: 'text' }
import starFilled from '@tabler/icons/icons/filled/star.svg' with { type: 'text' }
import tag from '@tabler/icons/icons/outline/tag.svg' with { type: 'text' }
import trash from '@tabler/icons/icons/outline/trash.svg' with { type: 'text' }
import upload from '@tabler/icons/icons/outline/upload.svg' with { type: 'text' }
import user from '@tabler/icons/icons/outline/user.svg' with { type: 'text' }
import users from '@tabler/icons/icons/outline/users.svg' with { type: 'text' }
import world from '@tabler/icons/icons/outline/world.svg' with { type: 'text' }
import x from '@tabler/icons/icons/outline/x.svg' with { type: 'text' }

const icons = {
  alertTriangle,
  briefcase,
  building,
  check,
  chevronDown,
  chevronRight,
  chevronUp,
  clock,
  download,
  edit,
  externalLink,
  fileImport,
  filter,
  home,
  lock,
  logout,
  mail,
  mapPin,
  merge,
  minus,
  pause,
  phone,
  play,
  plus,
  refresh,
  search,
  settings,
  shield,
  star,
  starFilled,
  tag,
  trash,
  upload,
  user,
  users,
  world,
  x,
} satisfies Record<string, string>

export type IconName = keyof typeof icons

// The files start with a comment block; only the drawing is wanted.
const drawings = Object.fromEntries(
  Object.entries(icons).map(([name, svg]) => [
    name,
    svg
      .slice(svg.indexOf('<svg'))
      .replace(/class="[^"]*"/, '')
      .replace('<svg', '<svg class="icon" aria-hidden="true" focusable="false"'),
  ]),
)

/** A decoration: text beside it, or an aria-label on its button, says what it means. */
export const Icon = ({ name }: { name: IconName }) => raw(drawings[name] ?? '')
