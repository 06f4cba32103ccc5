// Loaded before every test file. The language of the machine must not decide what a test sees.
process.env.TZ = 'Europe/Paris'
