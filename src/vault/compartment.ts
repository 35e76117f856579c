import { hash } from 'node:crypto'
import { decryptBytes, encryptBytes, generateIdentity, recipientOf } from './age.ts'
import { type Driver, getBytes } from './driver.ts'
import { Fault } from '../fault.ts'
import { keyName } from './layout.ts'

/** A key and dedup domain: `recipient` is what its packs and manifests are encrypted to, `key` the hash of the file that holds its secret. */
export interface Compartment {
  readonly id: string
  readonly recipient: string
  readonly key: string
}

const idOf = (recipient: string): string => hash('sha256', recipient).slice(0, 16)

/** Makes a compartment: its secret goes to the escrow recipients and is forgotten here. */
export async function createCompartment(driver: Driver, escrow: readonly string[], session: string): Promise<Compartment> {
  const { identity, recipient } = generateIdentity()
  const id = idOf(recipient)
  const wrapped = encryptBytes(Buffer.from(`# fallreep compartment ${id}\n# public key: ${recipient}\n${identity}\n`), escrow)
  await driver.putIfAbsent(keyName(id), wrapped, session)
  return { id, recipient, key: hash('sha256', wrapped) }
}

/**
 * The identity of a compartment, from an escrow identity or from itself.
 * @throws Fault `wrong-key` when the key at hand opens neither
 */
export async function openCompartment(driver: Driver, compartment: Compartment, contentKey: string, signal: AbortSignal): Promise<string> {
  const given = identityIn(contentKey)
  if (recipientOf(given) === compartment.recipient) return given
  const wrapped = await getBytes(driver, keyName(compartment.id), signal)
  const identity = identityIn((await decryptBytes(wrapped, [given])).toString('utf8'))
  if (recipientOf(identity) !== compartment.recipient)
    throw new Fault({
      code: 'corrupt',
      what: `The file ${keyName(compartment.id)} holds another key`,
      remedy: 'Restore it from a second copy of the vault',
    })
  return identity
}

/** The key in the text of an identity file (`#` begins a comment). @throws Fault `config` */
export function identityIn(text: string): string {
  const line = text.split(/\r?\n/).find((candidate) => candidate.startsWith('AGE-SECRET-KEY-'))
  if (line === undefined)
    throw new Fault({
      code: 'config',
      what: 'The content key is no age identity',
      remedy: 'It is a line that begins with AGE-SECRET-KEY-1',
    })
  return line.trim()
}
