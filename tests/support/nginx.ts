// The shipped nginx files in a tree as on a Debian machine, with what only a real one has replaced: names,
// certificates, addresses and where logs go.
import { $ } from 'bun'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SHIPPED = join(import.meta.dir, '../../deploy/nginx')

/** The site files, by their names without `.conf`. */
export const shippedSites = (): string[] =>
  readdirSync(join(SHIPPED, 'sites'))
    .map((name) => name.replace(/\.conf$/, ''))
    .toSorted()

/** A certificate for these names that nobody signed but itself. Needs openssl. */
export const makeCertificate = async (folder: string, names: string[]): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const subject = `/CN=${names[0]}`
  const others = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`
  const [key, chain] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')]
  await $`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj ${subject} -addext ${others} -keyout ${key} -out ${chain}`.quiet()
}

/** Lays out a configuration folder; returns the path of its nginx.conf.
 *  @param sites names of site files, all of them enabled
 *  @param replace texts to be replaced in every file, such as ports that are in use on this machine */
export const layOutNginx = (folder: string, sites: string[], replace: Record<string, string>): string => {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  cpSync(join(SHIPPED, 'snippets'), join(folder, 'snippets'), { recursive: true })
  cpSync(join(SHIPPED, 'conf.d'), join(folder, 'conf.d'), { recursive: true })
  mkdirSync(join(folder, 'sites-enabled'), { recursive: true })
  for (const site of sites)
    cpSync(join(SHIPPED, 'sites', `${site}.conf`), join(folder, 'sites-enabled', `${site}.conf`))
  const replacements = Object.entries({ '/var/log/nginx': join(folder, 'logs'), ...replace })
  for (const path of new Bun.Glob('*/*.conf').scanSync(folder)) {
    const file = join(folder, path)
    let text = readFileSync(file, 'utf8')
    for (const [from, to] of replacements) text = text.replaceAll(from, to)
    writeFileSync(file, text)
  }
  const path = join(folder, 'nginx.conf')
  writeFileSync(
    path,
    `pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log;
events { worker_connections 1024; }
http {
  default_type application/octet-stream;
  access_log ${folder}/logs/access.log;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  include ${folder}/conf.d/*.conf;
  include ${folder}/sites-enabled/*.conf;
}
`,
  )
  return path
}
