-- +goose Up

create table opinion_set (
  id text primary key,
  edition text not null unique references edition (id),
  settings text not null,
  digest bytea not null,
  frozen_at bigint not null,
  frozen_by text not null,
  opened_at bigint not null default 0,
  until_at bigint not null default 0,
  closed_at bigint not null default 0,
  early boolean not null default false,    -- closed before the announced end
  destroyed_at bigint not null default 0   -- when key, credentials and salts went
);

-- The clock of batches and of the end, apart from the set so that votes never wait for it.
create table opinion_clock (
  contest text primary key references opinion_set (id),
  due_at bigint not null
);

-- What people vote on. Words of its own lie under a commitment and can be erased;
-- those of a question lie in the room of questions.
create table opinion_statement (
  contest text not null references opinion_set (id),
  n bigint not null check (n > 0),
  sort text not null check (sort in ('question', 'answer', 'statement')),
  source text not null check (source in ('citizen', 'desk')),
  writer text not null,                    -- the human at a desk who wrote it; none for a citizen
  question text not null,
  state text not null check (state in ('waiting', 'second', 'admitted', 'refused', 'lapsed', 'erased')),
  language text not null,
  body text not null,
  salt bytea,
  committed bytea,
  lock bytea,
  lock_by text not null,
  ground text not null,
  second_at bigint not null,               -- when silence admits it
  admitted_at bigint not null,
  primary key (contest, n),
  check (state <> 'erased' or body = '' and salt is null),
  check ((sort = 'statement') = (question = '')),
  check ((sort = 'statement') = (committed is not null))
);
create index opinion_statement_second on opinion_statement (second_at) where state = 'second';

-- Two words on a statement: of two humans, of two sides.
create table opinion_word (
  contest text not null,
  n bigint not null,
  kind text not null check (kind in ('refuse', 'erase')),
  round bigint not null,
  first_human text not null check (first_human <> ''),
  first_side text not null check (first_side in ('government', 'civil')),
  first_post text not null,
  first_word text not null,
  first_at bigint not null,
  second_human text not null default '',
  second_side text not null default '' check (second_side in ('', 'government', 'civil')),
  second_post text not null default '',
  second_word text not null default '',
  outcome text not null default '',
  closed_at bigint not null default 0,
  primary key (contest, n, kind, round),
  foreign key (contest, n) references opinion_statement (contest, n),
  check (second_human = '' or second_human <> first_human and second_side <> first_side and second_side <> '')
);

-- One row for each version of a ballot. Versions that were replaced go once a
-- batch has published their opener. No time, no address, no identifier.
create table opinion_ballot (
  committed bytea not null,
  key bytea not null,
  contest text not null references opinion_set (id),
  door text not null,
  fresh boolean not null,
  state text not null check (state in ('standing', 'replaced')),
  batch bigint not null,
  salt_server bytea not null,
  salt_device bytea not null,
  opener bytea not null,
  votes text not null check (votes <> '')
);
create unique index opinion_ballot_standing on opinion_ballot (key) where state = 'standing';
create index opinion_ballot_unbatched on opinion_ballot (contest) where batch = 0;
create index opinion_ballot_over on opinion_ballot (contest) where state <> 'standing';

create table opinion_batch (
  contest text not null references opinion_set (id),
  n bigint not null,
  fresh bigint not null,
  changed bigint not null,
  root bytea not null,
  commits bytea not null,
  at bigint not null,
  primary key (contest, n)
);

-- Votes on each statement as the batches told them, and what pages show of them.
create table opinion_tally (
  contest text not null,
  n bigint not null,
  agree bigint not null,
  disagree bigint not null,
  pass bigint not null,
  told_agree bigint not null,
  told_disagree bigint not null,
  told_pass bigint not null,
  primary key (contest, n),
  foreign key (contest, n) references opinion_statement (contest, n)
);

-- The count after the end. file is empty once the rows of auditors are gone.
create table opinion_result (
  contest text primary key references opinion_set (id),
  file bytea not null,
  input bytea not null,
  digest bytea not null,
  picture text not null,      -- the groups, with everything that may be told of them and no more
  ballots bigint not null,
  parts bigint not null,      -- groups, as computed
  software text not null,
  at bigint not null
);

-- +goose Down
drop table opinion_result;
drop table opinion_tally;
drop table opinion_batch;
drop table opinion_ballot;
drop table opinion_word;
drop table opinion_statement;
drop table opinion_clock;
drop table opinion_set;
