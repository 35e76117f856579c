import { Command } from 'commander'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../format.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.addCommand(check(act)).addCommand(show(act)).addCommand(schema(act))

const check = (act: Act): Command =>
  new Command('check').description('read and check it, with every source and target').action(
    act(async (session) => {
      const loaded = await session.config()
      const { checkBackends } = await import('../../config/backends.ts')
      await checkBackends(loaded)
      const { sources, targets } = loaded.config
      const counts = { sources: Object.keys(sources).length, targets: Object.keys(targets).length }
      session.output.print(
        { type: 'summary', command: 'config check', path: loaded.path, ...counts },
        `${loaded.path} is right: ${countText(counts.sources, 'source')}, ${countText(counts.targets, 'target')}`,
      )
      return exitCodes.done
    }),
  )

const show = (act: Act): Command =>
  new Command('show')
    .description('what counts after flags, environment, file and defaults; secrets stay references')
    .option('--origin', 'say where each value comes from')
    .action(
      act<{ readonly origin?: boolean }>(async (session, _none, { origin }) => {
        const loaded = await session.config()
        const { effectiveSettings } = await import('../../config/effective.ts')
        const settings = await effectiveSettings(loaded)
        const text = settings
          .map(({ path, value, from }) => `${path}: ${JSON.stringify(value)}${origin === true ? `  # ${from}` : ''}`)
          .join('\n')
        const values = settings.map(({ path, value, from }) => (origin === true ? { path, value, from } : { path, value }))
        session.output.print({ type: 'summary', command: 'config show', path: loaded.path, settings: values }, text)
        return exitCodes.done
      }),
    )

const schema = (act: Act): Command =>
  new Command('schema').description('the JSON Schema of the configuration, for editors').action(
    act(async (session) => {
      const { configSchema } = await import('../../config/json-schema.ts')
      session.streams.out(`${JSON.stringify(await configSchema(), undefined, session.globals.json === true ? 0 : 2)}\n`)
      return exitCodes.done
    }),
  )
