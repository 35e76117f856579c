import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { Fault, faultIn } from '../../src/fault.ts'
import { LocalDriver } from '../../src/vault/local.ts'
import { FaultyDriver } from '../support/vault/faulty.ts'
import { never } from '../support/vault/subject.ts'
import { changesBetween, objectsOf, workshop } from '../support/workshop.ts'
import { demoWorld } from '../testbed/world/demo.ts'

const worldOf = () => demoWorld({ messagesPerChannel: 2 })

describe('a disk that is full', () => {
  test.each([3, 8, 20])(
    'after %i writes ends a backup with a sentence, damages nothing, and with more room the next one completes',
    async (room) => {
      await using reference = await workshop({ slack: { world: worldOf() } })
      await reference.backup()
      await using shop = await workshop({ slack: { world: worldOf() } })
      let left = room
      const full = new FaultyDriver(new LocalDriver(shop.vault.dir, () => new Date()), (call) =>
        (call === 'write' || call === 'publish' || call === 'put') && --left < 0
          ? {
              effect: 'none',
              error: new Fault({ code: 'unavailable', what: 'The vault could not write', why: 'the disk of the vault is full' }),
            }
          : undefined,
      )
      const fault = faultIn(
        await shop
          .backup({ driver: full })
          .then(() => undefined)
          .catch((error: unknown) => error),
      )
      expect(left).toBeLessThan(0)
      expect(fault).toMatchObject({ code: 'unavailable', why: 'the disk of the vault is full' })
      expect(exitCodeOf('unavailable')).toBe(75)
      expect(await shop.snapshots()).toEqual([])
      expect(await shop.backup()).toMatchObject({ state: 'complete' })
      expect(changesBetween(await reference.content(), await shop.content())).toEqual({ gone: [], come: [] })
      await using holder = await shop.vault.holder()
      expect((await Array.fromAsync(holder.verify('every-byte', never))).filter(({ status }) => status === 'fail')).toEqual([])
    },
  )
})

describe('one flipped byte', () => {
  test('in a pack is found by verify, which names the pack, and an import of it stops before it writes rotten bytes', async () => {
    await using shop = await workshop({ slack: { world: worldOf() } })
    await shop.backup()
    const [pack = ''] = await objectsOf(shop, 'packs')
    const path = join(shop.vault.dir, 'packs', pack)
    const at = Math.floor((await readFile(path)).length / 2)
    await using file = await open(path, 'r+')
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, at)
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at)
    for (const depth of ['keyless', 'every-byte'] as const) {
      await using vault = depth === 'keyless' ? await shop.vault.host() : await shop.vault.holder()
      const failed = (await Array.fromAsync(vault.verify(depth, never))).filter(({ status }) => status === 'fail')
      expect(failed.length).toBeGreaterThan(0)
      expect(failed.some(({ detail }) => detail.includes(pack))).toBe(true)
    }
    const fault = faultIn(
      await shop
        .cutover()
        .then(() => undefined)
        .catch((error: unknown) => error),
    )
    expect(fault?.code).toBe('corrupt')
    expect(exitCodeOf('corrupt')).toBe(1)
    expect(shop.picture().filter((line) => line.startsWith('post '))).toEqual([])
  })
})
