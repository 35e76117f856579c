import { expect, test } from 'vitest'
import { findAttachments, linksTo } from '../../../src/references/attachments.ts'
import { rewriteText } from '../../../src/references/rewrite.ts'
import { world } from './world.ts'

const hosts = ['https://github.com']
const asset = 'https://github.com/user-attachments/assets/0f-1'

test.each([
  ['an asset', asset],
  ['a file', 'https://github.com/user-attachments/files/15/log.txt'],
  ['an older file of a repository', 'https://github.com/acme/app/files/15/log.txt'],
  ['an older asset of a repository', 'https://github.com/acme/app/assets/15/0f-1'],
  ['an old picture', 'https://user-images.githubusercontent.com/15/0f-1.png'],
  ['a signed picture', 'https://private-user-images.githubusercontent.com/15/0f-1.png?jwt=x'],
  ['a very old picture', 'https://cloud.githubusercontent.com/assets/15/0f-1.png'],
])('finds %s wherever it stands', (_what, url) => {
  const places = [
    `![a](${url})`,
    `[a](${url})`,
    `see ${url} there`,
    `<img width="5" src="${url}" />`,
    `<video src='${url}'></video>`,
    `<p>\n<a href="${url}">\n</p>`,
    `a ![x][r]\n\n[r]: ${url}`,
    `| a |\n|-|\n| ![a](${url}) |`,
  ]
  for (const text of places) expect(findAttachments(text, { hosts })).toEqual([url])
})

test.each([
  ['in code', `\`![a](${asset})\`\n\n\`\`\`\n${asset}\n\`\`\`\n\n    ${asset}\n\n<!-- ${asset} -->\n\n<pre>${asset}</pre>`],
  ['that is no attachment', 'https://github.com/acme/app/tree/main/assets/15/x https://github.com/acme/app/pull/2/files'],
  ['on another host', 'https://example.com/user-attachments/assets/0f-1'],
])('finds nothing %s', (_what, text) => {
  expect(findAttachments(text, { hosts })).toEqual([])
})

test('each once, in the order of the text', () => {
  const other = 'https://github.com/user-attachments/files/2/a.txt'
  expect(findAttachments(`<img src="${asset}"> [a](${other}) ![b](${asset})`, { hosts })).toEqual([asset, other])
})

test('an Enterprise Server keeps them on its own hosts', () => {
  const found = [
    'https://ghe.example/user-attachments/assets/0f-1',
    'https://ghe.example/storage/user/5/files/0f-1',
    'https://media.ghe.example/user/5/files/0f-1',
  ]
  expect(findAttachments(`${found.join(' ')} ${asset}`, { hosts: ['https://ghe.example'] })).toEqual(found)
})

test.each([
  ['in a picture', `![a](${asset})`, '![a](/uploads/0f/picture.png)'],
  ['in HTML', `<img src="${asset}">`, '<img src="/uploads/0f/picture.png">'],
  ['bare, where a film is shown', `a\n\n${asset}\n`, 'a\n\n![picture.png](/uploads/0f/picture.png)\n'],
  ['in pointed brackets', `<${asset}>`, '![picture.png](/uploads/0f/picture.png)'],
  ['bare in an HTML block', `<p>\n${asset}\n</p>`, '<p>\n<a href="/uploads/0f/picture.png">picture.png</a>\n</p>'],
])('an attachment moves %s', (_what, from, to) => {
  expect(rewriteText(from, world())).toEqual({ text: to, unresolved: [], attachments: [asset] })
})

test('a file that is no picture becomes a link', () => {
  const context = world({ attachment: () => '/uploads/0f/my log.txt' })
  expect(rewriteText('https://github.com/user-attachments/files/15/log.txt', context).text).toBe('[my%20log.txt](/uploads/0f/my%20log.txt)')
})

test('one that is lost stays, and is said', () => {
  const gone = 'https://github.com/user-attachments/assets/gone'
  expect(rewriteText(`![a](${gone})`, world())).toEqual({
    text: `![a](${gone})`,
    unresolved: [{ reference: gone, why: 'this attachment is not in the archive' }],
    attachments: [gone],
  })
})

test('remaining links are those outside code, in titles and comments of tags too', () => {
  const text = `[a](https://github.com/x/y "https://github.com/t/u") \`https://github.com/code\` <b title="https://github.com/v/w">b</b> <!-- https://github.com/c --> https://example.com www.github.com/z`
  expect(linksTo(hosts, text)).toEqual(['https://github.com/x/y', 'https://github.com/t/u', 'https://github.com/v/w', 'www.github.com/z'])
})
