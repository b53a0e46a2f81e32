-- +goose Up

-- Something that happened and that somebody may want to hear of. Ids and codes.
create table notify_notice (
  id text primary key,
  topic text not null,
  edition text not null,
  question text not null,
  at bigint not null
);

-- One mail to one contact. handed is written before the last dot goes out.
create table notify_mail (
  id text primary key,
  contact text not null,
  sort text not null check (sort in ('confirm', 'each', 'digest')),
  subscription text not null,
  state text not null check (state in ('waiting', 'claimed', 'handed', 'sent', 'unsure', 'refused', 'dropped')),
  run text not null default '',
  made_at bigint not null,
  due_at bigint not null,
  tries bigint not null default 0,
  code bigint not null default 0,
  sent_at bigint not null default 0
);
create index notify_mail_due on notify_mail (due_at, id) where state = 'waiting';
create index notify_mail_open on notify_mail (state, id) where state in ('claimed', 'handed', 'unsure');
create index notify_mail_contact on notify_mail (contact);

-- What a mail tells: of one thing a contact hears once.
create table notify_item (
  contact text not null,
  notice text not null,
  mail text not null,
  primary key (contact, notice)
);
create index notify_item_of on notify_item (mail);

-- +goose Down
drop table notify_item;
drop table notify_mail;
drop table notify_notice;
