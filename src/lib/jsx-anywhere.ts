// Bun takes the jsx settings of the folder a program is started in, not those of its sources (oven-sh/bun#28605): started
// elsewhere it looks for React. What it finds under that name is what tsconfig.json names.
Bun.plugin({
  name: 'jsx from anywhere',
  setup(build) {
    build.module('react/jsx-runtime', async () => ({
      exports: await import('hono/jsx/jsx-runtime'),
      loader: 'object',
    }))
    build.module('react/jsx-dev-runtime', async () => ({
      exports: await import('hono/jsx/jsx-dev-runtime'),
      loader: 'object',
    }))
  },
})
