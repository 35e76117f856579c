import { startDovecot } from '../testbed/imap/dovecot.ts'
import { mailScenarios } from '../targets/imap/scenarios.suite.ts'

mailScenarios('Dovecot', startDovecot)
