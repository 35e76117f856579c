import { readFile } from 'node:fs/promises'

/** When a process began, in the kernel's words; together with the pid it names one process until the next boot. Empty where there is no /proc. */
async function bornAt(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/** True while the process lives that called itself by this pid and birth. */
export async function isAlive(pid: number, born: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
  }
  return born === '' || (await bornAt(pid)) === born
}

export const ownBirth = (): Promise<string> => bornAt(process.pid)
