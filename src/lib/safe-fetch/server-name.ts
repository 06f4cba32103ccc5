/** The name for SNI and the certificate check: no brackets, no final dot. */
export const serverNameOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
