-- +goose Up
CREATE TABLE auth_grant (
	id          TEXT PRIMARY KEY,
	human       TEXT NOT NULL,
	edition     TEXT NOT NULL,
	roles       TEXT NOT NULL,
	side        TEXT NOT NULL CHECK (side IN ('government', 'civil', 'observatory')),
	seat        BIGINT NOT NULL,
	post        TEXT NOT NULL,
	institution TEXT NOT NULL,
	starts      BIGINT NOT NULL,
	ends        BIGINT NOT NULL,
	-- Whoever invites is of the side of the place, or the keeper of the server;
	-- civil society invites the Observatory too.
	by_side     TEXT NOT NULL CHECK (by_side IN ('admin', side) OR by_side = 'civil' AND side = 'observatory'),
	UNIQUE (id, side)
);
CREATE INDEX auth_grant_human ON auth_grant (human);
CREATE INDEX auth_grant_edition ON auth_grant (edition, id);

CREATE TABLE auth_invite (
	code     BYTEA PRIMARY KEY,
	grant_id TEXT NOT NULL,
	side     TEXT NOT NULL,
	by_side  TEXT NOT NULL CHECK (by_side IN ('admin', side) OR by_side = 'civil' AND side = 'observatory'),
	expires  BIGINT NOT NULL,
	used     BIGINT NOT NULL,
	FOREIGN KEY (grant_id, side) REFERENCES auth_grant (id, side)
);

CREATE TABLE auth_session (
	token    BYTEA PRIMARY KEY,
	grant_id TEXT NOT NULL REFERENCES auth_grant (id),
	opened   BIGINT NOT NULL,
	used     BIGINT NOT NULL,
	expires  BIGINT NOT NULL
);
CREATE INDEX auth_session_expires ON auth_session (expires);

CREATE TABLE auth_announcement (
	id      TEXT PRIMARY KEY,
	at      BIGINT NOT NULL,
	command TEXT NOT NULL,
	reason  TEXT NOT NULL
);
CREATE INDEX auth_announcement_at ON auth_announcement (at);
