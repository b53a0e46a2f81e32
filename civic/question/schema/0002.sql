-- +goose Up

-- What a commitment commits to: the words (asked, also once edited; redacted), a
-- translation of them, or a file that came with them. Versions are counted over
-- all kinds; question.version is the version of the present words. replaced_by is
-- the version that took this one's place, 0 while it stands: what stands is opened
-- together, what was replaced stays as it is.
alter table question_text add column kind text not null default 'asked'
  check (kind in ('asked', 'redacted', 'translated', 'attachment'));
alter table question_text add column lang text not null default '';
alter table question_text add column replaced_by bigint not null default 0;
update question_text set replaced_by = (select q.version from question q where q.id = question_text.question)
  where version < (select q.version from question q where q.id = question_text.question);

-- What two people of different sides do in sight of each other: the one proposes,
-- the other confirms it as it is. body is positions, a public key or a reason.
create table question_accord (
  id text primary key,
  edition text not null,
  kind text not null check (kind in ('strike', 'key', 'unseal')),
  about text not null,
  body text not null,
  human1 text not null,
  side1 text not null,
  post1 text not null,
  at1 bigint not null,
  human2 text,
  side2 text,
  post2 text,
  at2 bigint,
  outcome text not null default '' check (outcome in ('', 'agreed', 'dropped')),
  closed_at bigint not null default 0,
  check (human1 <> ''),
  check (side1 in ('government', 'civil')),
  check (human2 is null or (human2 <> '' and human2 <> human1 and side2 in ('government', 'civil') and side2 <> side1)),
  check (outcome <> 'agreed' or human2 is not null)
);
create index question_accord_about on question_accord (edition, kind, about, closed_at);

-- The public keys of the sides, one after the other. The private ones are elsewhere.
create table question_seal_key (
  edition text not null,
  side text not null check (side in ('government', 'civil')),
  n bigint not null,
  public text not null,
  at bigint not null,
  primary key (edition, side, n)
);

-- What was struck out, closed up to the keys of both sides; null once erased.
create table question_sealed (
  question text not null references question (id),
  version bigint not null,
  bundle bytea,
  digest bytea not null,
  at bigint not null,
  primary key (question, version)
);

-- The clock of each translation that is owed, or was.
create table question_translation (
  question text primary key references question (id),
  from_at bigint not null,
  due_at bigint not null,
  next_at bigint not null,
  late_at bigint not null default 0,
  done_at bigint not null default 0
);
create index question_translation_next on question_translation (next_at) where next_at > 0;
create index question_translation_open on question_translation (done_at, due_at) where done_at = 0;

-- The languages that whoever moderates reads, beside the edition's first. Private.
create table question_reader (
  human text not null,
  lang text not null,
  at bigint not null,
  primary key (human, lang)
);

-- +goose Down
drop table question_reader;
drop table question_translation;
drop table question_sealed;
drop table question_seal_key;
drop table question_accord;
alter table question_text drop column replaced_by;
alter table question_text drop column lang;
alter table question_text drop column kind;
