-- +goose Up

-- Classes of ballots that one side proposed to leave out of the count, and what the
-- other side said: see exclude.go. Two humans of the two sides, or nothing.
create table priority_exclusion (
  contest text not null references priority_contest (id),
  n bigint not null,
  state text not null check (state in ('proposed', 'excluded', 'declined')),
  same bigint not null check (same = 0 or same >= 10),
  door text not null,
  batch bigint not null check (batch >= 0),
  ballots bigint not null check (ballots >= 10), -- in steps of ten
  reason text not null check (reason <> ''),
  human text not null check (human <> ''),
  side text not null check (side in ('government', 'civil')),
  by text not null,
  at bigint not null,
  human2 text not null default '',
  side2 text not null default '' check (side2 in ('', 'government', 'civil')),
  by2 text not null default '',
  at2 bigint not null default 0,
  primary key (contest, n),
  check (same > 0 or door <> '' or batch > 0),
  check (state = 'proposed' or human2 <> '' and human2 <> human and side2 <> '' and side2 <> side)
);
-- One that waits or holds at a time: two that overlap could tell less than ten apart.
create unique index priority_exclusion_one on priority_exclusion (contest) where state in ('proposed', 'excluded');

alter table priority_selection add column excluded bigint not null default 0;

-- +goose Down
alter table priority_selection drop column excluded;
drop table priority_exclusion;
