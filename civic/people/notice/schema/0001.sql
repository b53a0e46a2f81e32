-- +goose Up

-- An address: found by lookup, an HMAC under a key outside the database; written
-- out in private_person under person. asks counts the mails to confirm of a day.
create table notice_contact (
  id text primary key,
  lookup bytea not null unique,
  person text not null,
  lang text not null,
  made_at bigint not null,
  asks bigint not null,
  asks_at bigint not null
);

create table notice_subscription (
  id text primary key,
  contact text not null references notice_contact (id),
  sort text not null check (sort in ('question', 'edition', 'institution', 'theme')),
  thing text not null,
  pace text not null check (pace in ('daily', 'each')),
  asked_at bigint not null,
  confirmed_at bigint not null default 0,
  unique (contact, sort, thing)
);
create index notice_subscription_of on notice_subscription (thing, sort, contact) where confirmed_at > 0;
create index notice_subscription_asked on notice_subscription (asked_at) where confirmed_at = 0;

-- +goose Down
drop table notice_subscription;
drop table notice_contact;
