import { none, type Capabilities } from '../../src/contract/fidelity.ts'

const FILE_DOCS = 'https://docs.gitlab.com/user/project/settings/import_export/'
const NO_DISCUSSIONS = 'https://docs.gitlab.com/user/discussions/'

/** What GitLab takes of each kind, said before anything runs. */
export const capabilities: Capabilities = {
  account: {
    level: 'partial',
    loses: ['name-changed', 'no-such-concept', 'author-replaced', 'excluded-by-policy', 'invalid-at-source'],
    note: 'people whom neither the people map nor a public address finds become blocked users; rights are not given by an import',
    source: 'https://docs.gitlab.com/user/project/settings/import_export/#map-users-for-import',
  },
  group: {
    level: 'partial',
    loses: ['name-changed', 'withheld-by-source', 'excluded-by-policy', 'author-replaced', 'rejected-by-target'],
    note: 'teams become private subgroups; what was nested stands side by side',
    source: 'https://docs.gitlab.com/user/group/subgroups/',
  },
  repository: {
    level: 'partial',
    loses: [
      'name-changed',
      'access-narrowed',
      'no-such-concept',
      'too-large',
      'withheld-by-source',
      'excluded-by-policy',
      'rejected-by-target',
    ],
    note: 'no fork relation, template mark or home page; names that GitLab reserves are changed',
    source: FILE_DOCS,
  },
  'lfs-object': {
    level: 'partial',
    loses: ['withheld-by-source', 'excluded-by-policy', 'too-large', 'rejected-by-target'],
    note: 'objects that the source does not give are named',
    source: 'https://docs.gitlab.com/topics/git/lfs/',
  },
  label: {
    level: 'partial',
    loses: ['name-changed', 'invalid-at-source', 'excluded-by-policy', 'rejected-by-target'],
    note: 'commas become semicolons; 255 letters',
    source: 'https://docs.gitlab.com/user/project/labels/',
  },
  milestone: {
    level: 'partial',
    loses: [
      'author-replaced',
      'time-replaced',
      'name-changed',
      'text-changed',
      'too-large',
      'no-such-concept',
      'excluded-by-policy',
      'withheld-by-source',
      'invalid-at-source',
      'rejected-by-target',
    ],
    note: 'GitLab keeps neither the author of a milestone nor when it was closed',
    source: 'https://docs.gitlab.com/user/project/milestones/',
  },
  issue: tracked('one assignee; issue types, parents and reasons of closing have no place in the free edition'),
  'change-request': tracked('one assignee and one reviewer; teams that were asked to review, and branches of forks, are named in losses'),
  comment: tracked('comments whose line is gone quote it; those on deleted conversations stand alone'),
  review: tracked('the verdict is told beside the words of the review'),
  thread: tracked('the source does not say when a conversation was resolved'),
  'timeline-event': tracked('what GitLab has no record for is told in a note, or named'),
  release: tracked('no drafts and no mark for early versions; files become generic packages'),
  discussion: tracked('become issues with a label for their category; the mark of the answer is named'),
  'repository-settings': {
    level: 'partial',
    loses: ['no-such-concept', 'withheld-by-source', 'access-narrowed', 'excluded-by-policy', 'author-replaced', 'rejected-by-target'],
    note: 'secrets, workflows, autolinks, rules of paid editions and much of rulesets are listed to be set by hand; hooks are made switched off',
    source: 'https://docs.gitlab.com/user/project/repository/branches/protected/',
  },
  ...none(
    ['board'],
    'boards of GitLab list issues by label; cards, fields and views have no counterpart',
    'https://docs.gitlab.com/user/project/issue_board/',
  ),
  ...none(
    ['emoji', 'channel', 'message', 'mailbox', 'mail-settings', 'mail', 'calendar', 'event', 'addressbook', 'contact', 'tasklist', 'task'],
    'GitLab has none',
    NO_DISCUSSIONS,
  ),
}

function tracked(note: string): Capabilities['issue'] {
  return {
    level: 'partial',
    loses: [
      'author-replaced',
      'time-replaced',
      'no-such-concept',
      'too-large',
      'text-changed',
      'name-changed',
      'invalid-at-source',
      'withheld-by-source',
      'excluded-by-policy',
      'rejected-by-target',
    ],
    note,
    source: FILE_DOCS,
  }
}
