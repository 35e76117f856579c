import { readdirSync } from 'node:fs'

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !/(^run|[.-](test|child|worker))\.ts$/.test(file))
  .map((file) => file.slice(0, -3))
  .toSorted()

/** `npm run bench -- NAME [--json] [flags]`: one file per benchmark, whose `run(argv)` gets the flags; `X-child.ts` belongs to `X.ts`. */
const [name, ...argv] = process.argv.slice(2)
if (name === undefined) {
  console.log(names.join('\n'))
} else if (names.includes(name)) {
  const benchmark = (await import(`./${name}.ts`)) as { run: (argv: readonly string[]) => Promise<void> }
  await benchmark.run(argv)
} else {
  console.error(`error: there is no benchmark "${name}"\n next: one of ${names.join(', ')}`)
  process.exitCode = 2
}
