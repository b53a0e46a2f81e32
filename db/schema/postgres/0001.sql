-- +goose Up
CREATE TABLE event (
  seq BIGINT PRIMARY KEY, -- the fence, should two sequencers ever run
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  edition TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  public BOOLEAN NOT NULL,
  body TEXT NOT NULL,
  tags TEXT NOT NULL
);
CREATE TABLE event_inbox (
  n BIGSERIAL PRIMARY KEY, -- the order of leaving; gaps and late commits are the sequencer's business
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  edition TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  public BOOLEAN NOT NULL,
  body TEXT NOT NULL,
  tags TEXT NOT NULL
);
CREATE TABLE act_turn ( -- never holds a row: who locks it may act
  none BOOLEAN
);
CREATE TABLE follower_cursor (
  name TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- +goose Down
DROP TABLE meta;
DROP TABLE follower_cursor;
DROP TABLE act_turn;
DROP TABLE event_inbox;
DROP TABLE event;
