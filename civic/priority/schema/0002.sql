-- +goose Up

-- The same ballots counted another way, kept beside the agenda: see strong.go.
create table priority_beside (
  contest text not null references priority_selection (contest),
  sort text not null check (sort in ('strong', 'whole')),
  state text not null check (state in ('computed', 'few')),
  file bytea not null,
  input bytea not null,
  result text not null,
  digest bytea not null,
  ballots bigint not null,
  covered bigint not null,
  covered_raw bigint not null,
  primary key (contest, sort)
);

-- +goose Down
drop table priority_beside;
