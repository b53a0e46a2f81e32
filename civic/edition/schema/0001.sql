-- +goose Up
create table edition (
  id         text primary key,
  series     text not null,
  number     bigint not null,
  name       text not null,
  code       text not null unique,
  territory  text not null,
  zone       text not null,
  stage      text not null,
  held       text not null,
  since      bigint not null,
  session    bigint not null,
  documented boolean not null,
  synthetic  boolean not null,
  protocol   text not null,
  digest     bytea not null,
  frozen     bigint not null,
  sealed     bigint not null,
  suspended  boolean not null,
  dates      text not null,
  place      text not null,
  known      text not null,
  due        bigint not null,
  founded    bigint not null,
  unique (series, number)
);
create index edition_due on edition (due);

-- A waiver is an act of two persons of both sides: the second row of columns is
-- empty until another human of the other side confirms.
create table edition_waiver (
  edition      text not null references edition (id),
  n            bigint not null,
  gate         text not null,
  stage        text not null,
  reason       text not null,
  at           bigint not null,
  by_post      text not null,
  by_side      text not null check (by_side in ('government', 'civil')),
  by_human     text not null check (by_human <> ''),
  second_at    bigint,
  second_post  text,
  second_side  text check (second_side in ('government', 'civil')),
  second_human text,
  primary key (edition, n),
  check ((second_human is null and second_side is null and second_at is null)
      or (second_human is not null and second_side is not null and second_at is not null
          and second_human <> '' and second_human <> by_human and second_side <> by_side))
);

-- Postponements, returns and the cancellation.
create table edition_halt (
  edition text not null references edition (id),
  n       bigint not null,
  kind    text not null check (kind in ('postponed', 'resumed', 'cancelled')),
  stage   text not null,
  reason  text not null,
  note    text not null,
  session bigint not null,
  by_post text not null,
  at      bigint not null,
  primary key (edition, n)
);

create table edition_suspension (
  edition  text not null references edition (id),
  n        bigint not null,
  from_at  bigint not null,
  to_at    bigint not null,
  reason   text not null,
  document text not null,
  by_post  text not null,
  at       bigint not null,
  primary key (edition, n)
);

create table edition_extension (
  edition text not null references edition (id),
  n       bigint not null,
  stage   text not null,
  days    bigint not null,
  was     bigint not null,
  becomes bigint not null,
  reason  text not null,
  by_post text not null,
  at      bigint not null,
  primary key (edition, n)
);

-- What sources say of a documented edition: one row per statement, the first of
-- a field is the one shown, the others contradict it.
create table edition_fact (
  edition  text not null references edition (id),
  n        bigint not null,
  field    text not null,
  es       text not null,
  en       text not null,
  sources  text not null,
  conflict boolean not null,
  primary key (edition, n)
);

-- +goose Down
drop table edition_fact;
drop table edition_extension;
drop table edition_suspension;
drop table edition_halt;
drop table edition_waiver;
drop table edition;
