import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { decryptBytes } from '../../../src/vault/age.ts'
import { LocalDriver } from '../../../src/vault/local.ts'
import { unsealing } from '../../../src/vault/unsealed.ts'
import { everyFile } from '../files.ts'
import { never } from './subject.ts'

/** Everything in the vault that these identities open, decrypted and unpacked, by name. */
export async function unsealed(vault: string, identities: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const driver = new LocalDriver(vault, () => new Date())
  const opened = new Map<string, Buffer>()
  const sealed = (await everyFile(vault)).map(({ name }) => relative(vault, name)).filter((name) => name.endsWith('.age'))
  for (const name of sealed) {
    const parts = name.startsWith('keys/')
      ? decryptBytes(await readFile(join(vault, name)), identities).then((whole) => [whole])
      : Array.fromAsync(unsealing(driver, name, identities, never))
    const plain = await parts.catch(() => undefined)
    if (plain !== undefined) opened.set(name, Buffer.concat(plain))
  }
  return opened
}

export const keyIn = (text: string): string => /AGE-SECRET-KEY-1\w+/.exec(text)?.[0] ?? ''

/** Opens the compartments first, and with their keys everything else. */
export async function everythingIn(vault: string, escrow: string): Promise<ReadonlyMap<string, Buffer>> {
  const keys = [...(await unsealed(vault, [escrow]))].filter(([name]) => name.startsWith('keys/')).map(([, text]) => keyIn(text.toString()))
  return unsealed(vault, [escrow, ...keys])
}
