-- +goose Up
-- Answers that wait for the hour: sealed, of one size, under a random id, with
-- no time, no order and no key to anything. Emptied once a day.
create table portrait_waiting (
  id      text primary key,
  edition text not null references edition (id),
  box     bytea not null
);
create index portrait_waiting_edition on portrait_waiting (edition);

-- Digests of permits that were used, so that each counts once.
create table portrait_spent (
  edition text not null references edition (id),
  permit  bytea not null,
  primary key (edition, permit)
);

-- How many said so: all that stays of the answers. place '' is everywhere.
create table portrait_count (
  edition   text not null references edition (id),
  attribute text not null,
  place     text not null,
  value     text not null,
  people    bigint not null check (people >= 0),
  primary key (edition, attribute, place, value)
);

-- What is shown, and what everything shown so far gives away of each count.
create table portrait_board (
  edition text primary key references edition (id),
  drawn   bigint not null,
  tables  text not null,
  told    text not null
);
