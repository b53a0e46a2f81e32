-- +goose Up

-- Blocks of 500 numbers from which folios are drawn. desk is '' for the open
-- door, 'follow' for follow-ups; a paper desk holds blocks of its own. closed_at
-- is when its numbers were accounted for.
create table question_block (
  edition text not null,
  block bigint not null,
  desk text not null,
  opened_at bigint not null,
  closed_at bigint not null default 0,
  primary key (edition, block)
);

-- A decision of one or two people. The two stand in one row, so that the
-- database itself can refuse one human, or one side, twice.
create table question_ruling (
  id text primary key,
  question text not null,
  kind text not null check (kind in ('refuse', 'held', 'appeal', 'erase')),
  round bigint not null,
  human1 text not null,
  side1 text not null,
  post1 text not null,
  word1 text not null,
  place1 text not null,
  at1 bigint not null,
  human2 text,
  side2 text,
  post2 text,
  word2 text,
  at2 bigint,
  outcome text not null default '',
  closed_at bigint not null default 0,
  check (human1 <> ''),
  check (side1 in ('government', 'civil')),
  check (human2 is null or (human2 <> '' and human2 <> human1 and side2 in ('government', 'civil') and side2 <> side1)),
  check (outcome not in ('refused', 'upheld', 'erased') or (human2 is not null and word1 = word2))
);
create index question_ruling_of on question_ruling (question, kind, closed_at);
create index question_ruling_open on question_ruling (closed_at, question) where closed_at = 0;

create table question (
  id text primary key,
  edition text not null,
  number bigint not null,
  follows text not null,
  state text not null,
  since_at bigint not null,
  before_merge text not null default '',
  agenda text not null default '',
  received_at bigint not null,
  listed_at bigint not null default 0,
  admitted_at bigint not null default 0,
  lang text not null,
  municipality text not null,
  addressed text not null,
  passage text not null,
  theme text not null default '',
  signed boolean not null,
  person text not null,
  auth bytea not null,
  lock bytea not null,
  lock_by text not null check (lock_by in ('device', 'server')),
  promise bytea not null,
  merge_by bigint not null,
  version bigint not null,
  edits bigint not null default 0,
  erased boolean not null default false,
  ground text not null default '',
  place text not null default '',
  ruling text references question_ruling (id),
  root text not null,
  merged_into text not null default '',
  kept_apart boolean not null default false,
  institution text not null default '',
  referrals bigint not null default 0,
  clock_start bigint not null default 0,
  extended bigint not null default 0,
  paused_at bigint not null default 0,
  due_at bigint not null default 0,
  next_at bigint not null default 0,
  level bigint not null default 0,
  contest text not null default '',
  seat bigint not null default 0,
  minutes_short bigint not null default 0,
  agenda_word text not null default '',
  mesa text not null default '',
  video bigint not null default 0,
  answer bigint not null default 0,
  answered_at bigint not null default 0,
  rating text not null default '',
  rated_answer bigint not null default 0,
  rated_at bigint not null default 0,
  check (state not in ('refused', 'appealed') or ruling is not null),
  check (state <> 'merged' or merged_into <> ''),
  check (extended <= 5)
);
create unique index question_number on question (edition, number);
create unique index question_follows on question (follows) where follows <> '';
-- What waits is in no list: its row enters the lists' indices when it is decided.
create index question_state on question (edition, state, follows);
create index question_listed on question (edition, listed_at, id) where listed_at > 0;
create index question_listed_state on question (edition, state, listed_at, id) where listed_at > 0;
create index question_listed_at on question (edition, municipality, listed_at, id) where listed_at > 0;
create index question_listed_theme on question (edition, theme, listed_at, id) where listed_at > 0;
create index question_listed_held on question (institution, listed_at, id) where listed_at > 0;
create index question_listed_all on question (listed_at, id) where listed_at > 0;
create index question_inbox on question (institution, state, due_at) where institution <> '';
create index question_root on question (root) where root <> id;
create index question_signed on question (edition, id) where person <> '';
create index question_next on question (next_at) where next_at > 0;

-- One row for each commitment: the words as asked, and as edited. object and
-- the salts are emptied by erasure; the commitment stays. promise is the signed
-- note of an edited version; the first one's stands beside the question.
create table question_text (
  question text not null references question (id),
  version bigint not null,
  committed bytea not null,
  salt_server bytea,
  salt_device bytea,
  object text,
  state text not null check (state in ('sealed', 'opened', 'erased')),
  at bigint not null,
  promise bytea,
  primary key (question, version),
  check (version = 1 or promise is not null),
  check (state <> 'erased' or (object is null and salt_server is null and salt_device is null))
);
create index question_text_commit on question_text (committed);

-- The same submission twice gives the same folio. Both columns are hashes that
-- say nothing of the caller or the words.
create table question_once (
  once bytea primary key,
  body bytea not null,
  question text not null references question (id)
);
create index question_once_of on question_once (question);

create table question_pause (
  question text not null references question (id),
  from_at bigint not null,
  to_at bigint not null,
  why text not null,
  primary key (question, from_at)
);

-- Reasons and answers are official texts: public, in the record by digest.
create table question_note (
  id text primary key,
  question text not null references question (id),
  kind text not null check (kind in ('extension', 'return', 'correction')),
  post text not null,
  days bigint not null,
  words text not null,
  at bigint not null
);
create index question_note_of on question_note (question, at);

create table question_answer (
  question text not null references question (id),
  version bigint not null,
  state text not null check (state in ('draft', 'in_review', 'published', 'corrected')),
  kind text not null check (kind in ('answer', 'cannot', 'transfer')),
  object text not null,
  institution text not null,
  drafted_by text not null,
  drafted_at bigint not null,
  post text not null default '',
  human text not null default '',
  digest bytea,
  signed_at bigint not null default 0,
  primary key (question, version),
  check (state in ('draft', 'in_review') or (post <> '' and human <> '' and signed_at > 0))
);
create index question_answer_signing on question_answer (institution, state, drafted_at);

-- Every step of every question, for its page and the public log of decisions.
create table question_step (
  question text not null,
  n bigint not null,
  edition text not null,
  kind text not null,
  who text not null,
  word text not null,
  other text not null,
  number bigint not null,
  at bigint not null,
  primary key (question, n)
);
create index question_step_log on question_step (edition, at, question, n);

-- +goose Down
drop table question_step;
drop table question_answer;
drop table question_note;
drop table question_pause;
drop table question_once;
drop table question_text;
drop table question;
drop table question_ruling;
drop table question_block;
