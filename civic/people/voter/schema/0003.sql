-- +goose Up

-- A door that this house has offered since a day, for good: it knew where to send a
-- mail, or whom to ask about accounts.
create table voter_door (
  door text primary key,
  since bigint not null
);

-- +goose Down
drop table voter_door;
