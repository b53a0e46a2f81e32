-- +goose Up

-- A mailbox that is being shown. id and code are digests, identifier an HMAC under
-- a key outside the database, box the sealed letter, emptied when it is sent. The
-- row goes when it is used, and with its ten minutes in any case.
create table voter_proof (
  id text primary key,
  code bytea not null,
  identifier bytea not null,
  box_id text not null,
  box bytea not null,
  tries bigint not null default 0,
  until bigint not null
);
create index voter_proof_until on voter_proof (until);

-- +goose Down
drop table voter_proof;
