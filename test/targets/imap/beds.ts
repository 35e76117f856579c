import { type ImapTestbed, type ImapTestbedOptions, imapTestbed } from '../../testbed/imap/testbed.ts'
import { MailWorld } from './world.ts'

export const ADA = 'ada@example.test'
export const BEN = 'ben@example.test'

export async function bedWith(options: ImapTestbedOptions = {}): Promise<ImapTestbed> {
  const bed = await imapTestbed(options)
  bed.store.account(ADA)
  bed.store.account(BEN)
  return bed
}
/** How many mails stand in each folder of a person. */
export const countsOf = (bed: ImapTestbed, login: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...(bed.store.accounts.get(login)?.folders.values() ?? [])]
      .filter(({ mails }) => mails.length > 0)
      .map(({ name, mails }) => [name, mails.length]),
  )
export function oneFolder(count: number, bytes?: (at: number) => Buffer | undefined): MailWorld {
  const world = new MailWorld()
  world.account('ada')
  world.mailbox('ada/box', ['Box'])
  for (let at = 0; at < count; at++) {
    const special = bytes?.(at)
    world.mail(`ada/${at}`, ['ada/box'], {
      at: `2026-01-01T00:${String(at % 60).padStart(2, '0')}:00.000000Z`,
      ...(special === undefined ? {} : { bytes: special }),
    })
  }
  return world
}
