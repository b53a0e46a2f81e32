-- +goose Up
-- What was refused by theme, addressee and place, as it was drawn for everybody;
-- looked is the last hour at which it was looked whether enough is new, and refused
-- how many refusals there were when it was drawn. Nothing here is finer than what
-- is published.
create table question_refused (
  edition text primary key references edition (id),
  looked  bigint not null,
  drawn   bigint not null default 0,
  refused bigint not null default 0,
  tables  text not null default '{}'
);

-- +goose Down
drop table question_refused;
