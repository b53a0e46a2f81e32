-- +goose Up

-- When a merged question came into the state that it had before.
alter table question add column since_before bigint not null default 0;

-- A proposal to let one question stand for another. Until it takes effect their
-- authors may keep them apart; once all have consented it takes effect at once.
create table question_merge (
  id text primary key,
  edition text not null,
  question text not null references question (id),
  target text not null references question (id),
  post text not null,
  proposed_at bigint not null,
  due_at bigint not null,
  closed_at bigint not null default 0,
  outcome text not null default '' check (outcome in ('', 'merged', 'objection', 'moved_on')),
  check (question <> target),
  check ((closed_at = 0) = (outcome = ''))
);
create unique index question_merge_open on question_merge (question) where closed_at = 0;
create index question_merge_target on question_merge (target) where closed_at = 0;
create index question_merge_due on question_merge (due_at, id) where closed_at = 0;

create table question_consent (
  merge text not null references question_merge (id),
  question text not null references question (id),
  at bigint not null,
  primary key (merge, question)
);

-- +goose Down
drop table question_consent;
drop table question_merge;
alter table question drop column since_before;
