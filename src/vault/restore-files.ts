/** restore.sh, as it lies in every vault. POSIX shell; age, zstd, tar, jq and coreutils. */
export const SCRIPT = `#!/bin/sh
# Restores this vault without the program that wrote it.
# Needs: age, zstd, tar, jq, sha256sum (Debian: apt install age zstd jq).
# Usage: sh restore.sh KEYFILE OUTDIR     KEYFILE: one escrow identity (AGE-SECRET-KEY-1...)
set -eu
umask 077
if [ $# -ne 2 ]; then echo "usage: sh restore.sh KEYFILE OUTDIR" >&2; exit 2; fi
for tool in age zstd tar jq sha256sum; do
  command -v "$tool" >/dev/null 2>&1 || { echo "missing tool: $tool" >&2; exit 2; }
done
key=$(readlink -f "$1")
mkdir -p "$2"
out=$(readlink -f "$2")
cd "$(dirname "$(readlink -f "$0")")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

echo "1/4 checking the hash of every file" >&2
find packs index manifests refs -type f -name '*.age' 2>/dev/null | while IFS= read -r f; do
  b=\${f##*/}; echo "\${b%%.*}  $f"
done > "$work/sums"
bad=0
if [ -s "$work/sums" ]; then sha256sum -c --quiet "$work/sums" >&2 || bad=1; fi
[ $bad -eq 0 ] || echo "some files are damaged; restoring what can be restored" >&2

echo "2/4 opening the compartments" >&2
for f in keys/*.age; do
  [ -e "$f" ] || continue
  id=\${f#keys/}; id=\${id%.age}
  age -d -i "$key" "$f" > "$work/$id.key" || { echo "this key does not open $f" >&2; exit 12; }
  cat "$work/$id.key" >> "$work/all.keys"
done
[ -s "$work/all.keys" ] || { echo "the vault is empty" >&2; exit 0; }

echo "3/4 unpacking what the commits name" >&2
mkdir -p "$out/bags" "$out/tree"
for f in commits/*/*.json; do
  head -n 1 "$f" > "$work/line"
  [ "sha256:$(sha256sum < "$work/line" | cut -d ' ' -f 1)" = "$(tail -n 1 "$f")" ] || { echo "damaged commit: $f" >&2; bad=1; }
  jq -r '.files[].rel' "$work/line"
done > "$work/named"
grep '^packs/' "$work/named" > "$work/packs" || :
while IFS= read -r p; do
  { age -d -i "$work/all.keys" "$p" || echo age >> "$work/failed"; } | { zstd -dcq || echo zstd >> "$work/failed"; } |
    tar -x -C "$out/bags" --no-same-owner --no-same-permissions || { echo "cannot unpack $p" >&2; bad=1; }
done < "$work/packs"
if [ -e "$work/failed" ]; then bad=1; fi

echo "4/4 checking and joining the bags" >&2
for bag in "$out"/bags/bag-*; do
  [ -d "$bag" ] || continue
  if [ -s "$bag/manifest-sha256.txt" ]; then (cd "$bag" && sha256sum -c --quiet manifest-sha256.txt) >&2 || bad=1; fi
  [ ! -d "$bag/data" ] || cp -al "$bag/data/." "$out/tree/"
done
find "$out/tree" -type f -name '*.part0001' | while IFS= read -r first; do
  cat "\${first%.part0001}".part* > "\${first%.part0001}" && rm "\${first%.part0001}".part*
done
mkdir -p "$out/manifests"
grep '^manifests/' "$work/named" | while IFS= read -r m; do
  b=\${m##*/}; age -d -i "$work/all.keys" "$m" | zstd -dcq > "$out/manifests/\${b%%.*}.ndjson"
done || :
echo "restored to $out/tree ($(find "$out/tree" -type f | wc -l) files)" >&2
[ $bad -eq 0 ] || { echo "finished, with damage reported above" >&2; exit 1; }
`

/** RESTORE.md, as it lies in every vault. */
export const GUIDE = `# Restore this vault · Diesen Tresor wiederherstellen

English first, Deutsch weiter unten. Neither the program that wrote this vault nor a network is needed.
Needed / gebraucht: \`age\`, \`zstd\`, \`tar\`, \`jq\`, \`sha256sum\` (Debian: \`apt install age zstd jq\`) and one escrow identity.

## English

Everything at once:

    sh restore.sh escrow.key /path/to/empty/directory

Then \`tree/\` holds every file under a readable name: \`tree/chat/<channel>/2026-03.<...>.ndjson\` with one message per line,
\`tree/files/<channel>/<name>\` with the files. \`bags/\` holds the same files, pack by pack, as valid BagIt bags.

### What is what

| Where | What | Opened by |
|---|---|---|
| VAULT.json | format, public keys | nobody needs to |
| keys/C.age | secret key of compartment C | any escrow identity |
| packs/ab/HASH.tar.zst.age | the content: tar archives, compressed by zstd, encrypted by age | key of the compartment |
| index/ | where each blob lies | key of the compartment, or the index identity |
| manifests/ | what each run stored, per channel, with paths | key of the compartment |
| refs/ | the same under keyed hashes; cursors | key of the compartment, or the index identity |
| commits/LANE/NUMBER.json | each run: line 1 is JSON, line 2 its SHA-256 | plain text |

The name of each file below packs, index, manifests and refs is the SHA-256 of its bytes.
Some programs read only the first frame of a zstd file. The \`zstd\` tool reads all; a reader of your own must go on after the first frame.

### By hand

    # are all files what their names say? (needs no key)
    find packs index manifests refs -type f | while read f; do b=\${f##*/}; echo "\${b%%.*}  $f"; done | sha256sum -c --quiet
    # the key of a compartment
    age -d -i escrow.key keys/C.age > c.key
    # one pack
    age -d -i c.key packs/ab/HASH.tar.zst.age | zstd -dc | tar -x -C out
    # which pack holds a path?
    for m in manifests/*/*; do age -d -i c.key $m | zstd -dc; done | jq -r 'select(.op == "put" and (.path | test("invoice"))) | [.pack, .path] | @tsv'
    # what a channel says
    jq -r 'select(.op == "put") | [.body.sentAt, .body.author, (.body.text | tostring)] | @tsv' out/bag-*/data/chat/CHANNEL/*.ndjson

### Events, tasks and contacts as files

In the restored tree each event and task is whole in its line (\`body.ics\`), each contact too (\`body.vcf\`). In a directory below \`tree/calendar\`, \`tree/tasks\` or \`tree/contacts\`:

    # the last line about each item, oldest run first, without what was gone
    alive() { ls | grep '\\.ndjson$' | LC_ALL=C sort -t . -k 2.1,2.18 -k 2.19,2n -k 2,2 | xargs -d '\\n' cat -- | jq -cn 'reduce inputs as $l ({}; if $l.op == "put" then .[$l.ref] = $l else del(.[$l.ref]) end) | .[]'; }
    # one .ics file for each event or task
    alive | jq -r 'select(.body.ics) | [.ref, (.body.ics | @base64)] | @tsv' | while read -r ref ics; do echo "$ics" | base64 -d > "$ref.ics"; done
    # one .vcf file for the address book
    alive | jq -j 'select(.kind == "contact") | .body.vcf' > contacts.vcf
    # which picture belongs to whom: the SHA-256 of a file below tree/files
    alive | jq -r 'select(.kind == "contact" and .body.photo != null) | [.body.uid, .blobs[.body.photo].sha256] | @tsv'

A line with \`op\` = \`put\` is an item as it was after that run: \`id\`, \`ver\` (revision), \`body\` (neutral form), \`raw\` (as the vendor gave it), \`blobs\`.
\`op\` = \`delete\` says that the item with the same \`ref\` was gone. Read commits in the order of their numbers: the last line about a \`ref\` in one \`part\` counts.
Files over 1 GiB lie in parts; \`cat name.part* > name\` joins them.

## Deutsch

Alles auf einmal:

    sh restore.sh escrow.key /pfad/zu/leerem/verzeichnis

Danach liegt unter \`tree/\` jede Datei unter einem lesbaren Namen: \`tree/chat/<Kanal>/2026-03.<...>.ndjson\` mit einer Nachricht je Zeile,
\`tree/files/<Kanal>/<Name>\` mit den Dateien. \`bags/\` enthält dieselben Dateien Pack für Pack als gültige BagIt-Bags.

| Wo | Was | Womit zu öffnen |
|---|---|---|
| VAULT.json | Format, öffentliche Schlüssel | nicht nötig |
| keys/C.age | geheimer Schlüssel des Abteils C | jede Escrow-Identität |
| packs/ab/HASH.tar.zst.age | der Inhalt: tar-Archive, mit zstd gepackt, mit age verschlüsselt | Schlüssel des Abteils |
| index/ | wo jeder Blob liegt | Schlüssel des Abteils oder Index-Identität |
| manifests/ | was jeder Lauf gespeichert hat, je Kanal, mit Pfaden | Schlüssel des Abteils |
| refs/ | dasselbe unter geschlüsselten Hashes; Lesezeichen | Schlüssel des Abteils oder Index-Identität |
| commits/SPUR/NUMMER.json | jeder Lauf: Zeile 1 ist JSON, Zeile 2 deren SHA-256 | Klartext |

Der Name jeder Datei unter packs, index, manifests und refs ist der SHA-256 ihrer Bytes; die Befehle zum Prüfen und Öffnen von Hand stehen oben.
Termine, Aufgaben und Kontakte stehen ganz in ihrer Zeile (\`body.ics\`, \`body.vcf\`). In einem Verzeichnis unter \`tree/calendar\`, \`tree/tasks\` oder \`tree/contacts\` machen die Befehle oben unter „Events, tasks and contacts as files“ daraus Dateien:
\`alive\` gibt die letzte Zeile zu jedem Eintrag, der nicht verschwunden ist; danach entsteht je Termin oder Aufgabe eine .ics-Datei, je Adressbuch eine .vcf-Datei. Bilder liegen unter \`tree/files\`; der letzte Befehl nennt ihren SHA-256.
Eine Zeile mit \`op\` = \`put\` ist ein Eintrag, wie er nach diesem Lauf war (\`body\` neutral, \`raw\` wie vom Anbieter); \`op\` = \`delete\` sagt, dass der Eintrag mit demselben \`ref\` verschwunden ist.
Die Commits zählen in der Reihenfolge ihrer Nummern: Die letzte Zeile zu einem \`ref\` in einem \`part\` gilt.
Dateien über 1 GiB liegen in Teilen; \`cat name.part* > name\` fügt sie zusammen. Ohne eine Escrow-Identität kann niemand diesen Tresor lesen.
`
