-- +goose Up

-- Ids and codes only: never words, never a contact.
create table job (
  queue text not null,
  subject text not null,
  place text not null default '',
  made_at bigint not null,
  due_at bigint not null,
  tries bigint not null default 0,
  failed text not null default '',
  dead boolean not null default false,
  primary key (queue, subject)
);
create index job_due on job (due_at, queue, subject) where dead = false;

-- +goose Down
drop table job;
