-- +goose Up
-- The last hour of drawing at which it was looked whether enough answers wait,
-- whether or not a board was drawn: without it the tenth answer would draw it.
alter table portrait_board add column looked bigint not null default 0;
update portrait_board set looked = drawn;
