-- +goose Up
CREATE TABLE inbox (
    id           INTEGER PRIMARY KEY,           -- that of its job in River
    conversation TEXT    NOT NULL,
    body         BLOB    NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'aside')),
    tries        INTEGER NOT NULL DEFAULT 0,        -- that failed
    restarts     INTEGER NOT NULL DEFAULT 0, -- of processes while it was in their hands
    reason       TEXT    NOT NULL DEFAULT '',   -- why the last try failed
    owner        TEXT    NOT NULL,              -- which process works on it
    leased_until INTEGER NOT NULL,              -- and until when, in milliseconds since 1970
    taken_at     INTEGER NOT NULL
);
CREATE INDEX inbox_conversation ON inbox (conversation, id);
CREATE TABLE inbox_key (
    key     TEXT PRIMARY KEY,
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX inbox_key_seen ON inbox_key (seen_at);
