import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianTool } from '#tests/support/debian-tool.ts'
import { freePort } from '#tests/support/free-port.ts'

const START_MS = 15_000

export type Rival = {
  base: string
  pid: number
  /** From the start of the process to its first answer, whatever it says. */
  readyMs: number
  stop: () => Promise<void>
}

/** Starts a server that takes its port from PORT, and waits for its first answer. */
export const startRival = (command: string[], env: Record<string, string>): Promise<Rival> => {
  const port = freePort()
  return started(command, { ...env, PORT: String(port) }, port)
}

/** nginx with one worker that answers everything with its built-in pixel. */
export const startNginx = (folder: string): Promise<Rival> => {
  const { path, env } = debianTool('usr/sbin/nginx', ['nginx', 'libpcre2-8-0'])
  const port = freePort()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port))
  return started([path, '-p', folder, '-c', join(folder, 'nginx.conf')], env, port)
}

const configuration = (folder: string, port: number): string => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 10000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server { listen 127.0.0.1:${port}; location / { empty_gif; } }
}
`

const started = async (command: string[], env: Record<string, string>, port: number): Promise<Rival> => {
  const base = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child = Bun.spawn(command, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const log = new Response(child.stderr).text()
  for (;;) {
    const answers = await fetch(`${base}/nothing`, { redirect: 'manual' }).then(
      (answer) => answer.text().then(() => true),
      () => false,
    )
    const readyMs = performance.now() - began
    if (answers) {
      const stop = async () => {
        child.kill('SIGTERM')
        await child.exited
      }
      return { base, pid: child.pid, readyMs, stop }
    }
    if (child.exitCode !== null || readyMs > START_MS) {
      child.kill()
      throw new Error(`${command[0]} did not start: ${(await log).slice(-1_000)}`)
    }
    await Bun.sleep(1)
  }
}
