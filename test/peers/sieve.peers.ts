import { scriptScenarios } from '../targets/imap/scripts.suite.ts'
import { startDovecot } from '../testbed/imap/dovecot.ts'

/** Pigeonhole reads each script before it takes it: what it refuses to compile would show here. */
scriptScenarios('Dovecot with Pigeonhole', (people) => startDovecot({ people, sieve: true }))
