import type { Priority } from './quota.ts'

export const RANKS: Readonly<Record<Priority, number>> = { incremental: 0, verify: 1, backfill: 2 }

/** Applied in order, once each. A released entry never changes. Times are epoch milliseconds; `waiting` counts parents that are not over. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE run (
     id TEXT PRIMARY KEY,
     job TEXT NOT NULL,
     slot TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     UNIQUE (job, slot)
   ) STRICT;
   CREATE TABLE node (
     id INTEGER PRIMARY KEY,
     run TEXT NOT NULL REFERENCES run (id),
     kind TEXT NOT NULL,
     key TEXT NOT NULL,
     lane TEXT NOT NULL,
     rank INTEGER NOT NULL,
     input TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('blocked', 'ready', 'leased', 'done', 'skipped', 'dead', 'stranded')),
     waiting INTEGER NOT NULL CHECK (waiting >= 0),
     attempt INTEGER NOT NULL DEFAULT 0,
     failures INTEGER NOT NULL DEFAULT 0,
     token INTEGER NOT NULL DEFAULT 0,
     worker TEXT,
     lease_until INTEGER NOT NULL DEFAULT 0,
     not_before INTEGER NOT NULL DEFAULT 0,
     checkpoint TEXT,
     result TEXT,
     why TEXT,
     UNIQUE (run, key)
   ) STRICT;
   CREATE INDEX node_ready ON node (rank, id) WHERE state = 'ready';
   CREATE INDEX node_leased ON node (lease_until) WHERE state = 'leased';
   CREATE INDEX node_state ON node (run, state);
   CREATE TABLE edge (
     parent INTEGER NOT NULL REFERENCES node (id),
     child INTEGER NOT NULL REFERENCES node (id),
     PRIMARY KEY (parent, child)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX edge_child ON edge (child)`,
]
