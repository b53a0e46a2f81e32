-- +goose Up
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, -- the rowid itself: appended, never searched for
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
DROP TABLE event;
