-- +goose Up

-- A mail may also bring the code by which somebody shows a mailbox: subscription is
-- then the proof, and there is no contact.
create table notify_mail_proofs (
  id text primary key,
  contact text not null,
  sort text not null check (sort in ('confirm', 'each', 'digest', 'right', 'proof')),
  subscription text not null,
  state text not null check (state in ('waiting', 'claimed', 'handed', 'sent', 'unsure', 'refused', 'dropped')),
  run text not null default '',
  made_at bigint not null,
  due_at bigint not null,
  tries bigint not null default 0,
  code bigint not null default 0,
  sent_at bigint not null default 0
);
insert into notify_mail_proofs select id, contact, sort, subscription, state, run, made_at, due_at, tries, code, sent_at from notify_mail;
drop table notify_mail;
alter table notify_mail_proofs rename to notify_mail;
create index notify_mail_due on notify_mail (due_at, id) where state = 'waiting';
create index notify_mail_open on notify_mail (state, id) where state in ('claimed', 'handed', 'unsure');
create index notify_mail_contact on notify_mail (contact);

-- +goose Down
delete from notify_mail where sort = 'proof';
