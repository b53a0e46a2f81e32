-- +goose Up

-- counted_at and the five numbers are the count at the end of the intake.
create table intake_desk (
  id text primary key,
  edition text not null,
  number bigint not null,
  kind text not null check (kind in ('paper', 'assembly', 'phone', 'kiosk')),
  name text not null,
  place text not null,
  municipality text not null,
  opened_at bigint not null,
  counted_at bigint not null default 0,
  waiting bigint not null default 0,
  issued bigint not null default 0,
  captured bigint not null default 0,
  void bigint not null default 0,
  missing bigint not null default 0,
  accounted_at bigint not null default 0,
  unique (edition, number)
);

-- One printing of sheets. once keeps the same printing from being done twice.
create table intake_run (
  id text primary key,
  desk text not null references intake_desk (id),
  once text not null,
  sheets bigint not null,
  who text not null,
  at bigint not null,
  unique (desk, once)
);

-- One printed folio. auth and lock are hashes of the key on its stub.
create table intake_sheet (
  folio text primary key,
  desk text not null references intake_desk (id),
  run text not null references intake_run (id),
  number bigint not null,
  auth bytea not null,
  lock bytea not null,
  state text not null check (state in ('issued', 'captured', 'void')),
  reason text not null default '',
  at bigint not null
);
create index intake_sheet_desk on intake_sheet (desk, state, at);
create index intake_sheet_number on intake_sheet (desk, number);

-- By which door a question came, and how its answer went back.
create table intake_entry (
  question text primary key,
  edition text not null,
  desk text not null references intake_desk (id),
  asked_on text not null,
  who text not null,
  at bigint not null,
  delivered_at bigint not null default 0,
  delivered_on text not null default '',
  delivered_how text not null default '',
  delivered_version bigint not null default 0
);
create index intake_entry_desk on intake_entry (desk, question);
create index intake_entry_edition on intake_entry (edition, desk);

-- One file of a batch. Its bytes are kept from the preview to the import, no longer.
create table intake_batch (
  id text primary key,
  desk text not null references intake_desk (id),
  digest bytea not null,
  state text not null check (state in ('previewed', 'running', 'done')),
  whole boolean not null,
  lines bigint not null,
  next bigint not null default 0,
  taken bigint not null,
  known bigint not null,
  refused bigint not null,
  bytes bytea,
  who text not null,
  at bigint not null,
  unique (desk, digest),
  check (state <> 'done' or bytes is null)
);

-- Why a line of a batch was refused: line, column and reason, never a word of it.
create table intake_flaw (
  batch text not null references intake_batch (id),
  n bigint not null,
  line bigint not null,
  col text not null,
  field text not null,
  reason text not null,
  arg text not null,
  primary key (batch, n)
);

-- +goose Down
drop table intake_flaw;
drop table intake_batch;
drop table intake_entry;
drop table intake_sheet;
drop table intake_run;
drop table intake_desk;
