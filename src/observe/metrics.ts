import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Fault } from '../fault.ts'

/** Everything we measure. Names and labels are stable: dashboards and alerts are built on them. */
const METRICS = {
  fallreep_last_complete_snapshot_timestamp_seconds: {
    help: 'When the last complete snapshot of a source was finished, Unix time',
    labels: ['source'],
  },
  fallreep_items: { help: 'Items alive in the last snapshot of a source', labels: ['source', 'kind'] },
  fallreep_losses: { help: 'Recorded losses of the last run against a target', labels: ['target', 'code'] },
  fallreep_run_duration_seconds: { help: 'How long the last run of a command took', labels: ['command'] },
  fallreep_last_exit_code: { help: 'Exit code of the last run', labels: [] },
} as const
export type MetricName = keyof typeof METRICS
export type Sample = {
  [N in MetricName]: {
    readonly name: N
    readonly labels: Readonly<Record<(typeof METRICS)[N]['labels'][number], string>>
    readonly value: number
  }
}[MetricName]

/**
 * Samples in Prometheus' text format, grouped by name, without timestamps: node_exporter's textfile collector refuses them.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/, read 2026-11-23
 */
export function metricsText(samples: readonly Sample[]): string {
  return (Object.keys(METRICS) as MetricName[])
    .map((name) => ({ name, own: samples.filter((sample) => sample.name === name) }))
    .filter(({ own }) => own.length > 0)
    .map(({ name, own }) => `# HELP ${name} ${METRICS[name].help}\n# TYPE ${name} gauge\n${own.map(sampleLine).join('')}`)
    .join('')
}

function sampleLine({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

/**
 * Replaces a `*.prom` file in one step, so that the collector never reads half of it. World-readable, for the collector is another user.
 * @throws Fault `config` for another file name, `unavailable` if the directory cannot be written
 */
export async function writeMetrics(path: string, samples: readonly Sample[]): Promise<void> {
  if (!path.endsWith('.prom'))
    throw new Fault({ code: 'config', what: `The metrics file ${path} would not be collected`, remedy: 'Let its name end in .prom' })
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  try {
    const file = await open(temporary, 'wx', 0o644)
    try {
      await file.writeFile(metricsText(samples))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
    throw new Fault({
      code: 'unavailable',
      what: `Cannot write the metrics file ${path}`,
      why,
      remedy: 'Check the directory and its owner',
      cause,
    })
  }
}
