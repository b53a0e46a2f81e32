-- +goose Up

create table priority_contest (
  id text primary key,
  edition text not null unique,
  criteria text not null,
  digest bytea not null,
  frozen_at bigint not null,
  frozen_by text not null,
  destroyed_at bigint not null default 0 -- when key, credentials and salts went
);

-- The clock of the batches, apart from the contest so that ballots never wait for it.
create table priority_clock (
  contest text primary key references priority_contest (id),
  due_at bigint not null
);

-- One row for each version of a ballot. Versions that were replaced or withdrawn
-- go once a batch has published their opener. No time, no address, no identifier.
-- There is one index with random keys only, since each costs every ballot a page.
create table priority_ballot (
  committed bytea not null,
  key bytea not null,
  contest text not null references priority_contest (id),
  door text not null,
  fresh boolean not null,
  state text not null check (state in ('standing', 'replaced', 'withdrawn')),
  batch bigint not null,
  salt_server bytea not null,
  salt_device bytea not null,
  opener bytea not null,
  choices text not null check (choices <> '')
);
create unique index priority_ballot_standing on priority_ballot (key) where state = 'standing';
create index priority_ballot_unbatched on priority_ballot (contest) where batch = 0;
create index priority_ballot_over on priority_ballot (contest) where state <> 'standing';
create index priority_ballot_gone on priority_ballot (key) where state <> 'standing';

create table priority_batch (
  contest text not null references priority_contest (id),
  n bigint not null,
  fresh bigint not null,
  changed bigint not null,
  withdrawn bigint not null,
  root bytea not null,
  commits bytea not null,
  at bigint not null,
  primary key (contest, n)
);

-- What pages show while ballots are taken: moved by batches, in steps.
create table priority_shown (
  contest text not null references priority_contest (id),
  question text not null,
  supporters bigint not null,
  primary key (contest, question)
);

create table priority_selection (
  contest text primary key references priority_contest (id),
  file bytea not null,
  input bytea not null,
  result text not null,
  digest bytea not null,
  account text not null, -- what the file tells beside its result: see account.go
  covered bigint not null,
  covered_raw bigint not null,
  ballots bigint not null,
  void bigint not null,
  apart bigint not null,
  software text not null,
  human text not null check (human <> ''),
  side text not null check (side in ('civil', 'observatory')),
  by text not null,
  at bigint not null
);

-- +goose Down
drop table priority_selection;
drop table priority_shown;
drop table priority_batch;
drop table priority_ballot;
drop table priority_clock;
drop table priority_contest;
