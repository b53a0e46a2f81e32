-- +goose Up

-- What decides the record: leaf n has index n. Rows are only ever added at the
-- end; the two keys are the fence against two followers. A seq below zero belongs
-- to no event: the leaf was taken over from a copy of the record after a restore.
create table record_leaf (
  n    bigint not null primary key,
  seq  bigint not null unique,
  leaf text   not null
);

-- Which leaves speak of a thing, for the pages that show record numbers.
create table record_about (
  subject text   not null,
  n       bigint not null references record_leaf (n),
  primary key (subject, n)
);
