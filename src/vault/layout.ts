/** The folders of vault/1 whose objects are named by the SHA-256 of their bytes. */
export type Tier = 'packs' | 'index' | 'manifests' | 'refs'

const EXTENSION = { packs: 'tar.zst.age', index: 'ndjson.zst.age', manifests: 'ndjson.zst.age', refs: 'ndjson.zst.age' } as const
export const TIERS: readonly Tier[] = ['packs', 'index', 'manifests', 'refs']

export const objectName = (tier: Tier, sha256: string): string => `${tier}/${sha256.slice(0, 2)}/${sha256}.${EXTENSION[tier]}`
export const packName = (sha256: string): string => objectName('packs', sha256)
export const commitName = (lane: string, seq: number): string => `commits/${lane}/${String(seq).padStart(8, '0')}.json`
export const keyName = (compartment: string): string => `keys/${compartment}.age`
export const sessionName = (session: string): string => `sessions/${session}.json`

const NAMED = /^(packs|index|manifests|refs)\/([0-9a-f]{2})\/([0-9a-f]{64})\.((?:tar|ndjson)\.zst\.age)$/

/** The tier and hash that a name promises; undefined when it is no content-addressed name of ours. */
export function parseObjectName(name: string): { readonly tier: Tier; readonly sha256: string } | undefined {
  const [, tier, folder, sha256, extension] = NAMED.exec(name) ?? []
  if (!isTier(tier) || sha256 === undefined || folder !== sha256.slice(0, 2) || extension !== EXTENSION[tier]) return undefined
  return { tier, sha256 }
}
const isTier = (text: string | undefined): text is Tier => TIERS.some((tier) => tier === text)
