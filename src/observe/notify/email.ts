import { spawn } from 'node:child_process'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Notifier, Outcome } from './notifier.ts'

export interface MailSettings {
  readonly to: readonly string[]
  readonly from: string
  /** Program that takes a message on stdin with `-t -i`, as every Unix mail server brings it. */
  readonly sendmail: string
}

/** Mails when a command begins to fail and when it works again, and is silent in between. The last outcome is kept in the state directory. */
export function email({ to, from, sendmail }: MailSettings, stateDir: string): Notifier {
  return {
    name: 'email',
    started: () => Promise.resolve(),
    async finished(outcome, signal) {
      const directory = join(stateDir, 'notify')
      const file = join(directory, `${outcome.command}--${outcome.subject}`)
      const before = Number(await readFile(file, 'utf8').catch(() => '0'))
      if ((before === 0) === (outcome.exitCode === 0)) return
      await send(sendmail, messageText(outcome, { to, from }), signal)
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeFile(`${file}.tmp`, String(outcome.exitCode))
      await rename(`${file}.tmp`, file)
    },
  }
}

export function messageText({ command, subject, exitCode, summary }: Outcome, { to, from }: Pick<MailSettings, 'to' | 'from'>): string {
  const state = exitCode === 0 ? 'works again' : `failed with exit code ${exitCode}`
  return [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: fallreep ${command} ${subject} ${state}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    'Auto-Submitted: auto-generated',
    '',
    `fallreep ${command} ${subject} ${state}.`,
    '',
    JSON.stringify(summary, undefined, 2),
    '',
  ].join('\n')
}

function send(program: string, message: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-t', '-i'], { stdio: ['pipe', 'ignore', 'ignore'], signal })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`sendmail ended with ${code}`))))
    child.stdin.on('error', () => {}) // a program that does not read tells so by its exit code
    child.stdin.end(message)
  })
}
