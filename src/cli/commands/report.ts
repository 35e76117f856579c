import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { exitCodes } from '../exit-code.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.option('--output <directory>', 'where to write it (default: beside the run)').action(
    act<{ readonly output?: string }>(async (session, [run], { output }) => {
      const { readRun, runFiles } = await import('../../engine/runs.ts')
      const { writeReport } = await import('../../observe/report/write.ts')
      const { config } = await session.config()
      const result = await readRun(config.stateDir, run)
      const files = runFiles(config.stateDir, result.run)
      const base = output === undefined ? join(files.directory, 'report') : resolve(session.cwd, output, `report-${result.run}`)
      const { html, json } = await writeReport(result, files, { base, lang: config.lang }, session.signal)
      session.output.print({ type: 'summary', command: 'report', run: result.run, html, json }, `${html}\n${json}`)
      return exitCodes.done
    }),
  )
