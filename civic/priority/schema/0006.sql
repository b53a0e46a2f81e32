-- +goose Up

-- How many ballots came by each door, as the batches told of them: never fewer. It
-- goes with the ballots' rows; what was told of it stays.
create table priority_door (
  contest text not null references priority_contest (id),
  door text not null,
  came bigint not null check (came >= 0),
  primary key (contest, door)
);

-- What the daily leaf told of it: see doors.go.
create table priority_door_told (
  contest text not null references priority_contest (id),
  n bigint not null,
  door text not null,
  came bigint not null check (came >= 20),
  batch bigint not null,
  at bigint not null,
  primary key (contest, n, door)
);

-- When it is looked again whether the doors are told.
alter table priority_clock add column doors_at bigint not null default 0;

-- +goose Down
alter table priority_clock drop column doors_at;
drop table priority_door_told;
drop table priority_door;
