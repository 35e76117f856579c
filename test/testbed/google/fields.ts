type Tree = { [name: string]: Tree | true }

/** Google's partial answers: `nextPageToken,messages(id,threadId)`, `a/b`. Without `fields` everything stays. */
export function select(answer: object, fields: string | undefined): object {
  if (fields === undefined || fields === '' || fields === '*') return answer
  return prune(answer, parse(fields)) as object
}

function prune(value: unknown, tree: Tree | true): unknown {
  if (tree === true || tree['*'] === true || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((entry) => prune(entry, tree))
  const kept = Object.entries(value).filter(([name]) => Object.hasOwn(tree, name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, prune(inner, tree[name] ?? true)]))
}

function parse(text: string): Tree {
  const tree: Tree = {}
  for (const part of split(text)) {
    const open = /^([^(/]+)(?:\((.*)\)|\/(.*))?$/.exec(part)
    const [, name = '', inside, below] = open ?? []
    tree[name.trim()] = inside === undefined && below === undefined ? true : parse(inside ?? below ?? '')
  }
  return tree
}

/** By commas outside of brackets. */
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')') depth--
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}
