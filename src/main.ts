#!/usr/bin/env node
// Whoever reads along (`| head`) may leave early: what was to be shown is lost on them, what is being done goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
// Everything else is loaded only now, so that an older Node can say what is wrong instead of stumbling over new syntax.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `error: fallreep needs Node 24, this is ${process.version}\n next: start it with config/fallreep, which uses the Node that came with npm ci\n`,
  )
  process.exitCode = 2
} else {
  const { main } = await import('./cli/program.ts')
  process.exitCode = await main(process.argv)
}
