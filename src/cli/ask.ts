import { cancel, confirm, intro, isCancel, log, outro, text } from '@clack/prompts'
import { Fault } from '../fault.ts'

interface Known {
  readonly vault: string | undefined
  readonly organisation: string | undefined
  readonly recipients: readonly string[]
  readonly escrow: readonly string[]
}

/** Asks what the flags of `init` left open. @throws Fault `cancelled` when the person leaves. */
export async function ask(
  known: Known,
): Promise<{ vault: string; organisation: string | undefined; recipients: readonly string[]; escrow: readonly string[] }> {
  intro('fallreep init')
  const organisation =
    known.organisation ?? (await answer(text({ message: 'Name of the organisation (a cutover is confirmed with it)', defaultValue: '' })))
  const vault =
    known.vault ??
    (await answer(
      text({
        message: 'Directory of the vault',
        initialValue: '/srv/fallreep/vault',
        validate: (value) => (value === undefined || value === '' ? 'A directory, please' : undefined),
      }),
    ))
  log.warn('Whoever loses every key loses the vault: nobody can open it again. So there are at least two, held by different people.')
  let recipients = [...known.recipients]
  let escrow = [...known.escrow]
  if (recipients.length + escrow.length < 2) {
    const have = await answer(confirm({ message: 'Do those people have age keys already (age-keygen)?', initialValue: false }))
    while (recipients.length + escrow.length < 2) {
      if (have)
        recipients = [
          ...recipients,
          await answer(text({ message: `Public key number ${recipients.length + 1}`, placeholder: 'age1…', validate: recipientMistake })),
        ]
      else
        escrow = [
          ...escrow,
          await answer(
            text({
              message: `File for new secret key number ${escrow.length + 1} (a USB stick, not this machine)`,
              validate: (value) => (value === undefined || value === '' ? 'A file, please' : undefined),
            }),
          ),
        ]
    }
  }
  outro('Thank you, that is all.')
  return { vault, organisation: organisation === '' ? undefined : organisation, recipients, escrow }
}

const recipientMistake = (value: string | undefined): string | undefined =>
  /^age1[02-9ac-hj-np-z]{58}$/.test(value ?? '') ? undefined : 'A public key starts with age1 and has 62 letters'

async function answer(prompt: Promise<string | symbol>): Promise<string>
async function answer(prompt: Promise<boolean | symbol>): Promise<boolean>
async function answer(prompt: Promise<string | boolean | symbol>): Promise<string | boolean> {
  const value = await prompt
  if (typeof value !== 'symbol' && !isCancel(value)) return value
  cancel('Nothing was written.')
  throw new Fault({ code: 'cancelled', what: 'You left before the end, nothing was written', remedy: 'fallreep init' })
}
