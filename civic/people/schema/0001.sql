-- +goose Up
create table territory (
  code        text primary key,
  parent      text not null,
  level       text not null check (level in ('state', 'municipality')),
  grid_row    bigint not null default 0,
  grid_column bigint not null default 0
);
create index territory_parent on territory (parent);

create table territory_name (
  territory text not null references territory (code),
  place     bigint not null,
  words     text not null,
  note      text not null,
  since     text not null,
  until     text not null,
  sources   text not null check (sources <> ''),
  primary key (territory, place)
);

create table territory_alias (
  territory text not null references territory (code),
  words     text not null,
  source    text not null check (source <> ''),
  primary key (territory, words)
);

create table territory_census (
  territory text not null references territory (code),
  measure   text not null,
  amount    bigint not null check (amount >= 0),
  primary key (territory, measure)
);

create table institution (
  key       text primary key,
  territory text not null,
  name      text not null,
  note      text not null,
  side      text not null check (side in ('government', 'civil', 'observatory')),
  sector    text not null,
  since     text not null,
  until     text not null,
  next      text not null,
  next_by   text not null check (next_by in ('', 'renamed', 'tasks')),
  sources   text not null
);
create index institution_next on institution (next);

create table post (
  key         text primary key,
  institution text not null references institution (key),
  title_es    text not null,
  title_en    text not null,
  side        text not null check (side in ('government', 'civil', 'observatory')),
  roles       text not null,
  since       text not null,
  until       text not null,
  sources     text not null,
  unique (key, side)
);

-- Whoever names somebody is of the side of the place, or the keeper of the
-- server; civil society names the Observatory too. by_side says who it was.

-- A human is an opaque id: no name, no contact, nothing that says who.
create table human (
  id   text primary key,
  made bigint not null
);

create table tenure (
  id       text primary key,
  post     text not null,
  side     text not null,
  by_side  text not null check (by_side in ('admin', side) or by_side = 'civil' and side = 'observatory'),
  human    text not null references human (id),
  from_day text not null,
  to_day   text not null,
  document bytea not null,
  title    text not null,
  granted  bigint not null,
  foreign key (post, side) references post (key, side),
  check (to_day = '' or to_day >= from_day)
);
create index tenure_post on tenure (post);
create index tenure_human on tenure (human);

create table delegation (
  id       text primary key,
  post     text not null,
  side     text not null,
  by_side  text not null check (by_side in ('admin', side) or by_side = 'civil' and side = 'observatory'),
  human    text not null references human (id),
  acts     text not null check (acts <> ''),
  from_day text not null,
  to_day   text not null,
  document bytea not null,
  title    text not null,
  granted  bigint not null,
  ended    bigint not null default 0,
  foreign key (post, side) references post (key, side),
  check (to_day >= from_day)
);
create index delegation_post on delegation (post);
create index delegation_human on delegation (human);

create table seat (
  id          text primary key,
  edition     text not null references edition (id),
  side        text not null check (side in ('government', 'civil', 'observatory')),
  number      bigint not null check (number > 0),
  roles       text not null,
  sector      text not null,
  institution text not null,
  delegable   boolean not null,
  by_side     text not null check (by_side in ('admin', side) or by_side = 'civil' and side = 'observatory'),
  unique (edition, side, number),
  unique (id, side)
);

create table sitting (
  id         text primary key,
  seat       text not null,
  side       text not null,
  by_side    text not null check (by_side in ('admin', side) or by_side = 'civil' and side = 'observatory'),
  human      text not null references human (id),
  substitute boolean not null,
  from_day   text not null,
  to_day     text not null,
  document   bytea not null,
  title      text not null,
  granted    bigint not null,
  foreign key (seat, side) references seat (id, side),
  check (to_day = '' or to_day >= from_day)
);
create index sitting_seat on sitting (seat);
create index sitting_human on sitting (human);

create table declaration (
  id       text primary key,
  edition  text not null references edition (id),
  human    text not null references human (id),
  by_actor text not null,
  interest text not null check (interest in ('none', 'declared')),
  words    text not null,
  declared bigint not null
);
create index declaration_edition on declaration (edition);

create table participant (
  edition     text not null references edition (id),
  place       bigint not null,
  name        text not null,
  capacity    text not null,
  institution text not null,
  side        text not null,
  sources     text not null check (sources <> ''),
  primary key (edition, place)
);

-- The only table with names and contacts of private persons, sealed. Whoever
-- points at a row keeps its random id and nothing else.
create table private_person (
  id   text primary key,
  kind text not null check (kind in ('author', 'contact', 'holder')),
  box  bytea not null
);

create table pseudonym (
  edition text not null references edition (id),
  human   text not null references human (id),
  words   text not null,
  primary key (edition, human),
  unique (edition, words)
);

-- What reference data was last loaded, so that loading it again does nothing.
create table reference_load (
  territory text primary key,
  digest    bytea not null
);
