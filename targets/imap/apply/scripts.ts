import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Applied, LedgerEntry } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import type { ScriptOperation } from '../map/operations.ts'
import { openScripts, scriptHash, scriptNotes, scriptRemote } from '../sieve/place.ts'
import type { Work } from './work.ts'

/**
 * Stores the Sieve script of one person, and lets it run where the settings say so and no other runs. A script of the same name that an import
 * did not put there stays. A server that refuses the script, or the person, is a loss of this one.
 * @throws Fault `unavailable` when nobody can be asked now
 */
export async function bringScript(work: Work, op: ScriptOperation, known: LedgerEntry | undefined): Promise<void> {
  const { settings, ledger, signal } = work
  const { login, name, text } = op
  const entry = (state: LedgerEntry['state']): LedgerEntry => ({
    key: op.key,
    item: op.item,
    collection: op.collection,
    revision: op.revision,
    remote: scriptRemote(op),
    state,
    notes: { type: 'script', login, name },
  })
  const done = (outcome: Applied['outcome'], losses: readonly Loss[], active: boolean): void =>
    work.done({
      key: op.key,
      item: op.item,
      outcome,
      remote: scriptRemote(op),
      expect: { script: scriptHash(text), ...(op.activate && active ? { active: true } : {}) },
      losses,
    })
  const refused = (detail: string): void => {
    if (known === undefined) ledger.delete([op.key])
    done('failed', [lossOf(op, { type: 'dropped' }, 'rejected-by-target', detail)], false)
  }
  try {
    await using scripts = await openScripts(settings, login, signal)
    const found = await scripts.find(name)
    const same = found !== undefined && scriptHash(found.text) === scriptHash(text)
    if (found !== undefined && !same && known === undefined)
      return refused(`there is a script named ${name} already that no import made; rename it, and run again`)
    if (!same) {
      ledger.put([entry('staged')])
      await scripts.put(name, text)
    }
    const active = op.activate && (found?.active === true || (await scripts.activate(name)))
    const losses =
      op.activate && !active
        ? [
            lossOf(
              op,
              { type: 'degraded', field: 'active' },
              'excluded-by-policy',
              'another script runs already, or none can be started there',
            ),
          ]
        : []
    ledger.put([entry('applied')])
    done(found === undefined ? 'created' : same ? 'unchanged' : 'updated', losses, active)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Fault) || error.code === 'unavailable' || error.code === 'config') throw error
    refused(error.message)
  }
}

const lossOf = (op: ScriptOperation, effect: Loss['effect'], code: Loss['code'], detail: string): Loss => ({
  item: op.item,
  stage: 'apply',
  code,
  effect,
  detail,
})

/** A script whose filters are all gone at the source: it must not go on filing mail. Only what an import made is removed. */
export async function removeScript(work: Work, known: LedgerEntry): Promise<void> {
  const notes = scriptNotes(known)
  if (notes === undefined || work.settings.sieve === undefined) return
  await using scripts = await openScripts(work.settings, notes.login, work.signal)
  await scripts.remove(notes.name)
  work.ledger.delete([known.key])
  work.done({ key: known.key, item: known.item, outcome: 'deleted', remote: known.remote, expect: {}, losses: [] })
}
