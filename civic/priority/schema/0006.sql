-- +goose Up

-- The row keys by which a ballot ever came, with the batch that told of it first: who
-- goes and comes again came once. They go with the ballots; what was told of them stays.
create table priority_came (
  key bytea primary key,
  contest text not null references priority_contest (id),
  door text not null,
  batch bigint not null check (batch > 0)
);
create index priority_came_door on priority_came (contest, door);

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
drop table priority_came;
