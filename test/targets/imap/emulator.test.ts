import { imapTestbed } from '../../testbed/imap/testbed.ts'
import { mailScenarios } from './scenarios.suite.ts'

mailScenarios('the emulator', async ({ people, quotaKiB }) => {
  const bed = await imapTestbed()
  for (const login of people) {
    const account = bed.store.account(login)
    bed.store.folder(account, 'Gesendet', '\\Sent')
    account.quotaBytes = (quotaKiB?.[login] ?? Infinity) * 1024
  }
  return bed
})
