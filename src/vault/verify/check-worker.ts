import { parentPort } from 'node:worker_threads'
import { LocalDriver } from '../local.ts'
import { type Checked, checkHash, checkPack } from './check-object.ts'

/** `identity` undefined: hash only. */
export interface CheckJob {
  readonly id: number
  readonly directory: string
  readonly name: string
  readonly sha256: string
  readonly identity: string | undefined
}
export interface CheckDone {
  readonly id: number
  readonly checked: Checked
}

const { signal } = new AbortController()

async function check({ id, directory, name, sha256, identity }: CheckJob): Promise<void> {
  const driver = new LocalDriver(directory, () => new Date())
  const checked =
    identity === undefined ? await checkHash(driver, name, sha256, signal) : await checkPack(driver, name, sha256, identity, signal)
  const done: CheckDone = { id, checked }
  parentPort?.postMessage(done)
}

parentPort?.on('message', (job: CheckJob) => void check(job))
