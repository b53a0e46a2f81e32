-- +goose Up

-- A paper ballot that people type: of the voter only the digest of the envelope's
-- code and the folios, both emptied when it is cast. The row goes when it is taken
-- back or its time is over. No hour, and nothing that leads to the ballot cast.
create table priority_paper (
  id text primary key,
  contest text not null references priority_contest (id),
  desk text not null,
  state text not null check (state in ('waiting', 'differs', 'cast')),
  code bytea,
  first_human text not null check (first_human <> ''),
  first_side text not null check (first_side in ('government', 'civil', 'observatory')),
  first_choices text not null,
  second_human text not null default '',
  second_side text not null default '' check (second_side in ('', 'government', 'civil', 'observatory')),
  second_choices text not null default '',
  check (state = 'waiting' or second_human <> '' and second_human <> first_human and second_side <> '' and second_side <> first_side),
  check (state = 'cast' or code is not null and first_choices <> ''),
  check (state <> 'cast' or code is null and first_choices = '' and second_choices = '')
);
create unique index priority_paper_pending on priority_paper (code) where code is not null;
create index priority_paper_contest on priority_paper (contest);

-- How much paper each desk had at the end of the window, as its leaf says.
create table priority_paper_count (
  contest text not null references priority_contest (id),
  desk text not null,
  n bigint not null,
  primary key (contest, desk)
);

alter table priority_contest add column paper_counted_at bigint not null default 0;
alter table priority_contest add column paper_closed_at bigint not null default 0;
alter table priority_contest add column last_batch bigint not null default 0; -- of the window, once paper is counted

-- +goose Down
alter table priority_contest drop column last_batch;
alter table priority_contest drop column paper_closed_at;
alter table priority_contest drop column paper_counted_at;
drop table priority_paper_count;
drop table priority_paper;
