import { raw } from 'hono/html'
import alertTriangle from '@tabler/icons/outline/alert-triangle.svg' with { type: 'text' }
import bell from '@tabler/icons/outline/bell.svg' with { type: 'text' }
import briefcase from '@tabler/icons/outline/briefcase.svg' with { type: 'text' }
import building from '@tabler/icons/outline/building-store.svg' with { type: 'text' }
import check from '@tabler/icons/outline/check.svg' with { type: 'text' }
import chevronDown from '@tabler/icons/outline/chevron-down.svg' with { type: 'text' }
import chevronLeft from '@tabler/icons/outline/chevron-left.svg' with { type: 'text' }
import chevronRight from '@tabler/icons/outline/chevron-right.svg' with { type: 'text' }
import chevronUp from '@tabler/icons/outline/chevron-up.svg' with { type: 'text' }
import clock from '@tabler/icons/outline/clock.svg' with { type: 'text' }
import download from '@tabler/icons/outline/download.svg' with { type: 'text' }
import edit from '@tabler/icons/outline/edit.svg' with { type: 'text' }
import externalLink from '@tabler/icons/outline/external-link.svg' with { type: 'text' }
import fileImport from '@tabler/icons/outline/file-import.svg' with { type: 'text' }
import filter from '@tabler/icons/outline/filter.svg' with { type: 'text' }
import home from '@tabler/icons/outline/home.svg' with { type: 'text' }
import inbox from '@tabler/icons/outline/inbox.svg' with { type: 'text' }
import lock from '@tabler/icons/outline/lock.svg' with { type: 'text' }
import logout from '@tabler/icons/outline/logout.svg' with { type: 'text' }
import mail from '@tabler/icons/outline/mail.svg' with { type: 'text' }
import mapPin from '@tabler/icons/outline/map-pin.svg' with { type: 'text' }
import merge from '@tabler/icons/outline/arrow-merge.svg' with { type: 'text' }
import minus from '@tabler/icons/outline/minus.svg' with { type: 'text' }
import pause from '@tabler/icons/outline/player-pause.svg' with { type: 'text' }
import phone from '@tabler/icons/outline/phone.svg' with { type: 'text' }
import play from '@tabler/icons/outline/player-play.svg' with { type: 'text' }
import plus from '@tabler/icons/outline/plus.svg' with { type: 'text' }
import refresh from '@tabler/icons/outline/refresh.svg' with { type: 'text' }
import search from '@tabler/icons/outline/search.svg' with { type: 'text' }
import settings from '@tabler/icons/outline/settings.svg' with { type: 'text' }
import shield from '@tabler/icons/outline/shield.svg' with { type: 'text' }
import star from '@tabler/icons/outline/star.svg' with { type: 'text' }
import starFilled from '@tabler/icons/filled/star.svg' with { type: 'text' }
import tag from '@tabler/icons/outline/tag.svg' with { type: 'text' }
import trash from '@tabler/icons/outline/trash.svg' with { type: 'text' }
import upload from '@tabler/icons/outline/upload.svg' with { type: 'text' }
import user from '@tabler/icons/outline/user.svg' with { type: 'text' }
import users from '@tabler/icons/outline/users.svg' with { type: 'text' }
import world from '@tabler/icons/outline/world.svg' with { type: 'text' }
import x from '@tabler/icons/outline/x.svg' with { type: 'text' }

const icons = {
  alertTriangle,
  bell,
  briefcase,
  building,
  check,
  chevronDown,
  chevronLeft,
  chevronRight,
  chevronUp,
  clock,
  download,
  edit,
  externalLink,
  fileImport,
  filter,
  home,
  inbox,
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
