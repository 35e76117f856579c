import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { checkBackends } from '../../../src/config/backends.ts'
import { editDistance, nearest } from '../../../src/config/nearest.ts'
import { loadConfig } from '../../../src/config/load.ts'

test('the example in the repository is right, every backend included', async () => {
  const loaded = await loadConfig({ path: 'config/fallreep.example.yaml', env: { HOME: '/nowhere' }, cwd: process.cwd() })
  await checkBackends(loaded)
  expect(Object.keys(loaded.config.sources)).not.toHaveLength(0)
})

test('the schema for editors knows backends by the key that chooses them', async () => {
  const schema = JSON.parse(await readFile('config/fallreep.schema.json', 'utf8')) as {
    properties: { sources: { additionalProperties: object }; targets: { additionalProperties: object } }
  }
  expect(JSON.stringify(schema.properties.sources.additionalProperties)).toContain('"connector":{"type":"string","const":"slack"}')
  const targets = JSON.stringify(schema.properties.targets.additionalProperties)
  for (const target of ['mattermost', 'imap', 'caldav', 'carddav'])
    expect(targets).toContain(`"target":{"type":"string","const":"${target}"}`)
  expect(schema.properties.targets.additionalProperties).toMatchObject({
    oneOf: expect.arrayContaining([expect.objectContaining({ additionalProperties: false })]),
  })
})

test('the nearest word is close or it is none', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3)
  expect(nearest('recipient', ['recipients', 'path'])).toBe('recipients')
  expect(nearest('colour', ['path', 'vault'])).toBeUndefined()
})
