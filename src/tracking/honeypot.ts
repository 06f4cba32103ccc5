const PATH = '/track/pixel/h.png'

/** Where a link leads that no person sees: an image of nothing, on our own host. */
export const honeypotTarget = (baseUrl: string): string => `${baseUrl}${PATH}`

/** Whether a link is one of those, by where it leads: all that is known of an aggregate click. */
export const isHoneypot = (target: string): boolean => target.endsWith(PATH)
