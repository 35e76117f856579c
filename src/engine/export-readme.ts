import type { Manifest } from '../contract/vault.ts'

/** What stands first in every export, for whoever finds it in ten years. */
export function exportReadme({ id, source, startedAt, finishedAt, state }: Manifest): string {
  return `fallreep export of snapshot ${id}
Source ${source}, read from ${startedAt} to ${finishedAt}, ${state}

English
  directory/*.jsonl             people, groups and emoji, one JSON value a line
  channels/NAME/channel.json    the channel itself: members, topic, purpose, pins, bookmarks
  channels/NAME/YYYY-MM.jsonl   its messages, oldest first; "text" is Markdown in pieces, "raw" is what the service gave
  channels/NAME/files/          files under their names; rows name them in "blobs"
  slack/                        the same messages in the layout of a Slack export
  people/NAME/mail/FOLDER/      mails as .eml, each once, under the first of its folders or labels; "mail YYYY-MM.jsonl" has flags and all labels
  people/NAME/calendars/        one .ics file a calendar; tasklists/ likewise
  people/NAME/addressbooks/     one .vcf file an address book; pictures beside it
  code/OWNER/NAME/git/          git bundles, oldest first: git clone git/0001.bundle, then git fetch the others, refs/*:refs/*; wiki/ likewise
  code/OWNER/NAME/issues/       one Markdown page an issue; change-requests/ and discussions/ likewise; *.jsonl holds all of it
  code/OWNER/NAME/releases/     files of releases by tag; attachments/, and lfs/ by SHA-256
  losses.jsonl, deleted.jsonl   what could not be saved and why; what was deleted at the source since earlier snapshots
  This file is not encrypted. Keep it where such mail and messages may be kept.

Deutsch
  directory/*.jsonl             Personen, Gruppen und Emoji, ein JSON-Wert je Zeile
  channels/NAME/channel.json    der Kanal selbst: Mitglieder, Thema, Zweck, angeheftete Nachrichten, Lesezeichen
  channels/NAME/YYYY-MM.jsonl   seine Nachrichten, älteste zuerst; "text" ist Markdown in Stücken, "raw" ist, was der Dienst lieferte
  channels/NAME/files/          Dateien unter ihren Namen; die Zeilen nennen sie unter "blobs"
  slack/                        dieselben Nachrichten in der Form eines Slack-Exports
  people/NAME/mail/ORDNER/      E-Mails als .eml, jede einmal, unter dem ersten ihrer Ordner oder Labels; "mail JJJJ-MM.jsonl" nennt alle und die Markierungen
  people/NAME/calendars/        eine .ics-Datei je Kalender; tasklists/ ebenso
  people/NAME/addressbooks/     eine .vcf-Datei je Adressbuch; Bilder daneben
  code/BESITZER/NAME/git/       Git-Bundles, ältestes zuerst: git clone git/0001.bundle, dann die anderen mit git fetch, refs/*:refs/*; wiki/ ebenso
  code/BESITZER/NAME/issues/    eine Markdown-Seite je Issue; change-requests/ und discussions/ ebenso; *.jsonl enthält alles davon
  code/BESITZER/NAME/releases/  Dateien der Releases nach Tag; attachments/, und lfs/ nach SHA-256
  losses.jsonl, deleted.jsonl   was nicht gesichert werden konnte und warum; was seit früheren Sicherungen gelöscht wurde
  Diese Datei ist nicht verschlüsselt. Sie gehört dorthin, wo solche Nachrichten liegen dürfen.
`
}
