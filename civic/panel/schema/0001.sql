-- +goose Up
create table panel_mesa (
  id      text primary key,
  edition text not null,
  number  bigint not null check (number > 0),
  theme   text not null,
  minutes bigint not null check (minutes > 0),
  contest text not null default '',
  state   text not null default 'ready' check (state in ('ready', 'live', 'paused', 'ended')),
  opened  bigint not null default 0,
  ended   bigint not null default 0,
  video   text not null default '',
  acts    bigint not null default 0,
  unique (edition, number)
);

create table panel_place (
  mesa        text not null references panel_mesa (id),
  chair       text not null,
  post        text not null default '',
  side        text not null check (side in ('government', 'civil', 'observatory')),
  seat        bigint not null default 0,
  duty        text not null,
  institution text not null default '',
  delegable   boolean not null,
  state       text not null default 'expected' check (state in ('expected', 'present', 'left', 'empty')),
  arrived     bigint not null default 0,
  departed    bigint not null default 0,
  substitute  boolean not null default false,
  document    text not null default '',
  note        text not null default '',
  word        text not null default '' check (word in ('', 'confirmed', 'disputed')),
  word_at     bigint not null default 0,
  objection   text not null default '',
  primary key (mesa, chair),
  check (delegable or not substitute)
);

create table panel_item (
  mesa     text not null references panel_mesa (id),
  question text not null,
  place    bigint not null check (place > 0),
  minutes  bigint not null,
  outcome  text not null default 'waiting' check (outcome in ('waiting', 'asking', 'answered', 'to_writing')),
  second   bigint not null default 0,
  reason   text not null default '',
  settled  boolean not null default false,
  primary key (mesa, question),
  unique (mesa, place)
);
create index panel_item_question on panel_item (question);

create table panel_turn (
  id         text primary key,
  mesa       text not null references panel_mesa (id),
  number     bigint not null,
  kind       text not null,
  post       text not null,
  side       text not null,
  seat       bigint not null,
  question   text not null,
  started    bigint not null,
  ended      bigint not null default 0,
  time_limit bigint not null,
  second     bigint not null,
  settled    boolean not null default false,
  unique (mesa, number)
);

create table panel_note (
  id         text primary key,
  mesa       text not null references panel_mesa (id),
  question   text not null,
  agreement  boolean not null,
  words      text not null,
  government text not null,
  civil      text not null,
  by_actor   text not null,
  at         bigint not null
);
create index panel_note_mesa on panel_note (mesa);

-- What the console did and has not settled yet: the newest may be undone.
create table panel_mark (
  mesa     text not null references panel_mesa (id),
  number   bigint not null,
  what     text not null check (what in ('turn', 'end', 'hand', 'note')),
  subject  text not null,
  question text not null,
  outcome  text not null,
  second   bigint not null,
  primary key (mesa, number)
);

create table panel_minutes (
  id      text primary key,
  edition text not null unique,
  stage   text not null check (stage in ('draft', 'comment', 'to_sign', 'published', 'annexing')),
  since   bigint not null default 0, -- when comments opened
  until   bigint not null default 0
);
create index panel_minutes_until on panel_minutes (stage, until);

-- Two signatures by two humans of two sides: the row itself refuses one human
-- on both sides, and publication without both.
create table panel_version (
  minutes     text not null references panel_minutes (id),
  number      bigint not null check (number > 0),
  annex       boolean not null,
  reason      text not null,
  content     text not null,
  digest      bytea not null,
  written     bigint not null,
  by_actor    text not null,
  gov_human   text not null default '',
  gov_by      text not null default '',
  gov_at      bigint not null default 0,
  civil_human text not null default '',
  civil_by    text not null default '',
  civil_at    bigint not null default 0,
  published   bigint not null default 0,
  primary key (minutes, number),
  constraint panel_two_humans check (gov_human = '' or civil_human = '' or gov_human <> civil_human),
  constraint panel_both_signed check (published = 0 or (gov_human <> '' and civil_human <> '')),
  constraint panel_annex_reason check (not annex or reason <> '')
);

create table panel_remark (
  id       text primary key,
  minutes  text not null references panel_minutes (id),
  version  bigint not null,
  by_actor text not null,
  side     text not null,
  words    text not null,
  at       bigint not null
);
create index panel_remark_minutes on panel_remark (minutes);
