import type { Route } from './call.ts'
import { boxOf, folderOf } from './mail-folders.ts'
import { listing } from './pages.ts'

const read = ['MailboxSettings.Read', 'MailboxSettings.ReadWrite']

export const settingsRoutes: readonly Route[] = [
  {
    name: 'mailboxSettings.get',
    method: 'GET',
    path: '/users/:user/mailboxSettings',
    roles: read,
    mailbox: true,
    answer: (call) => ({ json: boxOf(call).settings }),
  },
  {
    name: 'messageRules.list',
    method: 'GET',
    path: '/users/:user/mailFolders/:folder/messageRules',
    roles: read,
    mailbox: true,
    answer: (call) =>
      listing(call, `/users/${boxOf(call).owner}/mailFolders/${folderOf(call).id}/messageRules`, boxOf(call).rules, {
        most: 1000,
        usual: 100,
        type: 'messageRules',
      }),
  },
  {
    name: 'masterCategories.list',
    method: 'GET',
    path: '/users/:user/outlook/masterCategories',
    roles: read,
    mailbox: true,
    answer: (call) =>
      listing(call, `/users/${boxOf(call).owner}/outlook/masterCategories`, boxOf(call).categories, {
        most: 1000,
        usual: 100,
        type: 'masterCategories',
      }),
  },
]
