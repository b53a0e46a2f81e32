-- +goose Up

-- A list of codes that an issuer outside the host drew. Two people of two sides
-- bring it; two people of two sides close it.
create table voter_list (
  id text primary key,
  edition text not null,
  issuer text not null,
  state text not null check (state in ('proposed', 'loaded', 'closed')),
  codes bigint not null check (codes > 0),
  root bytea not null,
  first_human text not null,
  first_side text not null,
  first_at bigint not null,
  second_human text not null default '',
  second_side text not null default '',
  loaded_at bigint not null default 0,
  used bigint not null default 0,
  destroyed bigint not null default 0,
  told_human text not null default '',
  told_side text not null default '',
  closed_human text not null default '',
  closed_side text not null default '',
  closed_at bigint not null default 0,
  check (state = 'proposed' or second_human <> '' and second_human <> first_human and second_side <> first_side),
  check (state <> 'closed' or told_human <> '' and closed_human <> '' and closed_human <> told_human and closed_side <> told_side)
);
create index voter_list_edition on voter_list (edition, id);

-- A code by its digest, which is public; shown says that somebody typed it, not when.
create table voter_code (
  hash bytea primary key,
  list text not null references voter_list (id),
  shown boolean not null default false
);
create index voter_code_list on voter_code (list);

-- +goose Down
drop table voter_code;
drop table voter_list;
