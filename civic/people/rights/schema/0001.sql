-- +goose Up
-- Requests. Who asks, what about and how to reach them lies in the box, sealed;
-- an emptied box has no bytes.
create table right_request (
  id           text primary key,
  edition      text not null references edition (id),
  kind         text not null check (kind in ('access', 'rectification', 'cancellation', 'opposition')),
  state        text not null check (state in ('received', 'in_process', 'extended', 'resolved', 'executed')),
  proof        text not null check (proof in ('', 'key', 'shown')),
  outcome      text not null check (outcome in ('', 'granted', 'denied')),
  ground       text not null,
  received     bigint not null,
  due          bigint not null,
  extended     bigint not null default 0,
  extended_by  text not null default '',
  reason       text not null default '',
  resolved     bigint not null default 0,
  executed     bigint not null default 0,
  code         bytea not null,
  box_id       text not null,
  box          bytea not null,
  first_human  text not null default '',
  first_side   text not null default '',
  first_post   text not null default '',
  first_word   text not null default '',
  second_human text not null default '',
  second_side  text not null default '',
  check (second_human = '' or second_human <> first_human and second_side <> first_side)
);
create index right_request_edition on right_request (edition, state);
