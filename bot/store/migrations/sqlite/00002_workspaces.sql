-- +goose Up
ALTER TABLE inbox ADD COLUMN team TEXT NOT NULL DEFAULT ''; -- the workspace
ALTER TABLE inbox ADD COLUMN person TEXT NOT NULL DEFAULT ''; -- whose words these are
CREATE TABLE installation (
    team             TEXT PRIMARY KEY,
    name             TEXT NOT NULL,            -- of the workspace
    bot_user         TEXT NOT NULL,
    installer        TEXT NOT NULL,
    tokens           TEXT NOT NULL,            -- sealed
    expires_at       INTEGER NOT NULL,          -- the token; 0 for never
    refreshing_until INTEGER NOT NULL DEFAULT 0, -- while a process asks for the next one
    installed_at     INTEGER NOT NULL
);
CREATE TABLE settings (
    team TEXT PRIMARY KEY,
    body TEXT NOT NULL                         -- JSON
);
CREATE TABLE feedback (
    team       TEXT   NOT NULL,
    exchange   TEXT   NOT NULL,                -- which question and answer
    person     TEXT   NOT NULL,
    helpful    INTEGER NOT NULL,
    verdict    TEXT   NOT NULL,
    comment    TEXT   NOT NULL,                -- only where questions are kept
    given_at   INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,                -- the comment
    PRIMARY KEY (team, exchange, person)
);
CREATE TABLE question (
    team       TEXT   NOT NULL,
    exchange   TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    channel    TEXT   NOT NULL,
    words      TEXT   NOT NULL,
    verdict    TEXT   NOT NULL,
    passages   TEXT   NOT NULL,                -- JSON: what was shown
    asked_at   INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (team, exchange)
);
CREATE INDEX question_keep ON question (keep_until);
