-- +goose Up
CREATE TABLE inbox (
    id           BIGINT PRIMARY KEY,           -- that of its job in River
    conversation TEXT    NOT NULL,
    body         BYTEA   NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'aside')),
    tries        BIGINT  NOT NULL DEFAULT 0,        -- that failed
    restarts     BIGINT  NOT NULL DEFAULT 0, -- of processes while it was in their hands
    reason       TEXT    NOT NULL DEFAULT '',   -- why the last try failed
    owner        TEXT    NOT NULL,              -- which process works on it
    leased_until BIGINT  NOT NULL,              -- and until when, in milliseconds since 1970
    taken_at     BIGINT  NOT NULL
);
CREATE INDEX inbox_conversation ON inbox (conversation, id);
CREATE TABLE inbox_key (
    key     TEXT PRIMARY KEY,
    seen_at BIGINT  NOT NULL
);
CREATE INDEX inbox_key_seen ON inbox_key (seen_at);
-- +goose StatementBegin
CREATE FUNCTION unix_ms() RETURNS BIGINT LANGUAGE SQL VOLATILE AS $$
    SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
$$;
-- +goose StatementEnd
