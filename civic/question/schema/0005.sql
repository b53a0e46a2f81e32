-- +goose Up

-- The words under which a public question is found: stems of its opened texts.
-- A plain table, the same on both engines, so that a search finds the same on
-- both and an erased word leaves with its row.
create table question_term (
  term text not null,
  edition text not null,
  listed_at bigint not null,
  question text not null references question (id),
  primary key (term, edition, listed_at, question)
);
create index question_term_of on question_term (question, term);

-- What moderators are told of the pace at which a question came: a code, and
-- nothing of the network or the device.
create table question_pace (
  question text primary key references question (id),
  word text not null check (word in ('burst', 'same_text'))
);

-- Lists by place, language and holder, newest first. Where a question was asked
-- and in which language is told only of those that were published.
drop index question_listed_at;
create index question_listed_at on question (edition, municipality, listed_at, id) where admitted_at > 0;
create index question_listed_lang on question (edition, lang, listed_at, id) where admitted_at > 0;
create index question_listed_by on question (edition, institution, listed_at, id) where listed_at > 0;

-- +goose Down
drop index question_listed_by;
drop index question_listed_lang;
drop index question_listed_at;
create index question_listed_at on question (edition, municipality, listed_at, id) where listed_at > 0;
drop table question_pace;
drop table question_term;
