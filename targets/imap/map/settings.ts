import { idempotencyKey } from '../../../src/contract/ids.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { scriptName } from '../sieve/place.ts'
import { sieveScript } from '../sieve/script.ts'
import { type ImapOperation, revisionOver } from './operations.ts'
import type { Plan } from './plan.ts'
import { nameOf } from './roles.ts'

/** Filters and the automatic reply as a Sieve script, where the settings say how to bring one; the rest has no place in mail servers. */
export function mapSettings(
  item: Item<'mail-settings'>,
  plan: Plan,
  settings: Settings,
  extensions: ReadonlySet<string> | undefined,
): Mapped<ImapOperation> {
  const { id, collection, body } = item
  const lose = (code: Loss['code'], field: string, detail: string): Loss => ({
    item: id,
    stage: 'map',
    code,
    effect: { type: 'degraded', field },
    detail,
  })
  const losses = [
    ...(body.senders.some(({ signature }) => signature !== null)
      ? [lose('no-such-concept', 'senders', 'signatures belong to mail programs')]
      : []),
    ...(body.forwarding.some(({ enabled }) => enabled)
      ? [lose('excluded-by-policy', 'forwarding', 'mail is not sent on by an import')]
      : []),
    ...(body.delegates.length > 0
      ? [lose('no-such-concept', 'delegates', `${body.delegates.length} people who may act for this one`)]
      : []),
  ]
  const { sieve } = settings
  if (sieve === undefined) {
    const parts = [
      ...(body.filters.length === 0 ? [] : [`${body.filters.length} filters`]),
      ...(body.vacation?.enabled === true ? ['an automatic reply'] : []),
    ]
    const detail =
      parts.length === 0 ? 'nothing that a mail server could keep' : `${parts.join(', ')}: set \`sieve\` to bring them as a script`
    return { ops: [], losses: [...losses, { item: id, stage: 'map', code: 'excluded-by-policy', effect: { type: 'dropped' }, detail }] }
  }
  const folder = (mailbox: string): string | undefined => {
    const place = plan.places.of.get(mailbox)
    return place?.type === 'folder' ? place.folder : undefined
  }
  const trash = [...plan.places.of.values()].find((place) => place.type === 'folder' && place.role === 'trash')
  const places = { folder, archive: plan.places.archive.folder, trash: trash?.type === 'folder' ? trash.folder : nameOf('trash') }
  const made = sieveScript(body, { places, forwards: sieve.forwards, extensions })
  for (const { code, field, detail } of made.losses) losses.push(lose(code, field, detail))
  if (made.text === '') {
    const detail = 'no filter and no automatic reply'
    return { ops: [], losses: [...losses, { item: id, stage: 'map', code: 'no-such-concept', effect: { type: 'dropped' }, detail }] }
  }
  const { login } = plan
  const name = scriptName(settings)
  const effect = { login, name, text: made.text, activate: sieve.activate && settings.scratch === undefined }
  const key = idempotencyKey(`${id}#sieve`)
  const summary = `Sieve script ${name} of ${login}, ${body.filters.length} filters`
  return { ops: [{ type: 'script', key, item: id, collection, revision: revisionOver(effect), summary, ...effect }], losses }
}
