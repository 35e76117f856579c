import { expect, test } from 'vitest'
import { textOfHtml } from '../../../../../connectors/m365/map/html.ts'

test.each([
  ['<p>Eins</p><p>Zwei</p>', 'Eins\n\nZwei'],
  ['a<br>b<br/>c', 'a\nb\nc'],
  ['<ul><li>eins</li><li>zwei</li></ul>', '- eins\n\n- zwei'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', 'a\tb'],
  ['<head><title>weg</title><style>p{}</style></head>da', 'da'],
  ['&lt;b&gt; &amp; &auml;&#228;&#xe4;&nbsp;&euro; &unknown; &#0;&#xd800;', '<b> & äää € &unknown;'],
  ['<a href="https://x.example/a?b=1&amp;c=2">hier</a>', 'hier <https://x.example/a?b=1&c=2>'],
  ['<a href="https://x.example/">x.example</a>', 'x.example'],
  ['<a href="javascript:alert(1)">klick</a>', 'klick'],
  ['1 < 2 und 3 > 2', '1 < 2 und 3 > 2'],
  ['offen <b', 'offen <b'],
  ['a<!-- weg <p> -->b<!-- ohne Ende', 'ab'],
  ['nur Text', 'nur Text'],
])('%j reads %j', (html, text) => {
  expect(textOfHtml(html)).toBe(text)
})

test('takes time that grows with the text, whatever is in it', () => {
  for (const evil of [
    '<'.repeat(1_200_000),
    '<a '.repeat(400_000),
    '&'.repeat(1_200_000),
    '<!--'.repeat(300_000),
    '<p>\n'.repeat(300_000),
  ]) {
    const started = performance.now()
    textOfHtml(evil)
    expect(performance.now() - started).toBeLessThan(5000)
  }
})
