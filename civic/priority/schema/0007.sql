-- +goose Up

-- By how many new ballots the busiest networks were used in a day, without their
-- names: what was in memory when the agenda was made. See network.go.
create table priority_network (
  contest text primary key references priority_selection (contest),
  since text not null check (since <> ''),
  counts text not null
);

-- +goose Down
drop table priority_network;
