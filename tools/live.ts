import { spawn } from 'node:child_process'

/** `npm run test:live -- mattermost`: the scenarios on a real server, told where it is by the environment. */
const suites: Readonly<Record<string, readonly { readonly variable: string; readonly what: string }[]>> = {
  mattermost: [
    {
      variable: 'FALLREEP_LIVE_MATTERMOST_URL',
      what: 'address of a Mattermost server that may be written to, for example http://127.0.0.1:8065',
    },
    { variable: 'FALLREEP_LIVE_MATTERMOST_TOKEN', what: 'personal access token of a system administrator there' },
  ],
  'nextcloud-dav': [
    { variable: 'FALLREEP_LIVE_NEXTCLOUD_URL', what: 'address of a Nextcloud that may be written to, for example http://127.0.0.1:8080' },
    { variable: 'FALLREEP_LIVE_NEXTCLOUD_USER', what: 'a person there, whose calendars and contacts get throw-away neighbours' },
    { variable: 'FALLREEP_LIVE_NEXTCLOUD_PASSWORD', what: 'an app password of that person' },
  ],
}

const [suite = '', ...rest] = process.argv.slice(2)
const needs = suites[suite]
if (needs === undefined) fail(`npm run test:live -- SUITE, where SUITE is one of: ${Object.keys(suites).join(', ')}`)
const missing = needs.filter(({ variable }) => (process.env[variable] ?? '') === '')
if (missing.length > 0)
  fail(`The live suite ${suite} needs a real server. Set:\n${missing.map(({ variable, what }) => `  ${variable}  ${what}`).join('\n')}`)
const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'live', suite, ...rest], { stdio: 'inherit' })
child.on('close', (code) => {
  process.exitCode = code ?? 1
})

function fail(text: string): never {
  console.error(text)
  process.exit(2)
}
