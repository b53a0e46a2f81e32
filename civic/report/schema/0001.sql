-- +goose Up
create table report (
  edition        text primary key references edition (id),
  version        bigint not null,
  draft_title    text not null,
  draft_markdown text not null,
  late           bigint not null,
  published      bigint not null
);

-- Every published text stays.
create table report_version (
  edition   text not null references report (edition),
  version   bigint not null check (version > 0),
  title     text not null,
  markdown  text not null,
  digest    bytea not null,
  reason    text not null check (version = 1 or reason <> ''),
  by_actor  text not null,
  published bigint not null,
  primary key (edition, version)
);

-- Passages of the published text, and those that went away: a number is given once.
create table passage (
  edition text not null references report (edition),
  anchor  text not null,
  place   bigint not null,
  kind    text not null,
  level   bigint not null,
  words   text not null,
  html    text not null,
  hash    bytea not null,
  gone    boolean not null,
  primary key (edition, anchor)
);

create table report_file (
  edition text not null references report (edition),
  file    text not null,
  name    text not null,
  title   text not null,
  type    text not null,
  size    bigint not null check (size > 0),
  place   bigint not null,
  at      bigint not null,
  primary key (edition, file)
);
create index report_file_file on report_file (file);

create table statement (
  edition    text not null references edition (id),
  commitment text not null,
  version    bigint not null check (version > 0),
  status     text not null check (status in ('no_evidence', 'not_started', 'limited', 'substantial', 'complete')),
  words      text not null,
  digest     bytea not null,
  by_actor   text not null,
  at         bigint not null,
  primary key (edition, commitment, version)
);
create index statement_commitment on statement (commitment);
