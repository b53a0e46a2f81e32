-- +goose Up

-- A version that no longer stands was replaced by another, or withdrawn: then
-- nothing stands in its place, and the next batch counts it.
alter table opinion_ballot add column withdrawn boolean not null default false;
alter table opinion_batch add column withdrawn bigint not null default 0;

-- +goose Down
alter table opinion_batch drop column withdrawn;
alter table opinion_ballot drop column withdrawn;
