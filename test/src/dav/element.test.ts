import { describe, expect, test } from 'vitest'
import { escapeXml, readXml, within } from '../../../src/dav/element.ts'
import { readMultistatus, samePath } from '../../../src/dav/multistatus.ts'

describe('answers of DAV servers', () => {
  test('are read whatever prefixes they use, with entities and CDATA, and nothing is expanded', () => {
    const found = (d: string, data: string) =>
      readMultistatus(
        `<?xml version="1.0"?><${d}multistatus xmlns${d === '' ? '' : ':D'}="DAV:"><${d}response><${d}href>/a%20b/</${d}href><${d}propstat><${d}prop><c:calendar-data xmlns:c="x">${data}</c:calendar-data></${d}prop><${d}status>HTTP/1.1 200 OK</${d}status></${d}propstat></${d}response></${d}multistatus>`,
      ).found[0]?.props.get('calendar-data')?.text
    expect(found('D:', 'a &amp;amp; &#13;&#x1F600; &lt;b&gt; &unknown;')).toBe('a &amp; \r😀 <b> &unknown;')
    expect(found('', '<![CDATA[a &amp; <b>]]> c')).toBe('a &amp; <b> c')
  })

  test('keep only properties that the server has', () => {
    const [one] = readMultistatus(
      '<multistatus><response><href>https://h/x</href><propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat><propstat><prop><displayname/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response></multistatus>',
    ).found
    expect([one?.href, [...(one?.props.keys() ?? [])]]).toEqual(['/x', ['getetag']])
  })

  test('are refused with a DOCTYPE, without end, without bottom, and when they are something else', () => {
    expect(() => readXml('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')).toThrow('DOCTYPE')
    expect(() => readXml('<a><b></a>')).toThrow(/tag/i)
    expect(() => readXml(`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`)).toThrow(/nest/i)
    expect(() => readMultistatus('<html></html>')).toThrow('<html>')
  })

  test('get back what was written, apart from letters that XML forbids', () => {
    fromAndTo('Ünï & <co> "quoted"\r\n\ttab 😀', 'Ünï & <co> "quoted"\r\n\ttab 😀')
    fromAndTo('nul\u0000bell\u0007', 'nulbell')
    function fromAndTo(text: string, back: string): void {
      expect(within(readXml(`<a><b>${escapeXml(text)}</b></a>`), 'b')?.text).toBe(back)
    }
  })

  test('name the same path however they escape it', () => {
    expect(samePath('/ada%40example.org/x/', '/ada@example.org/x')).toBe(true)
    expect(samePath('/a/%', '/a/%')).toBe(true)
    expect(samePath('/a/b', '/a/c')).toBe(false)
  })
})
