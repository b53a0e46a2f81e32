-- +goose Up

-- What nobody answered by the end of its edition goes on in the next one of the
-- series; '' while it is in its own alone. It stays in its own edition's balance.
alter table question add column carried_to text not null default '';
create index question_carried on question (carried_to, state) where carried_to <> '';
create index question_left on question (edition, id) where carried_to = '' and state in ('admitted', 'routed', 'overdue');

-- By which document a substitute signed, as the delegation cites it and its
-- digest; empty when who signed held the post.
alter table question_answer add column absence text not null default '';
alter table question_answer add column absence_digest bytea;

-- +goose Down
alter table question_answer drop column absence_digest;
alter table question_answer drop column absence;
drop index question_left;
drop index question_carried;
alter table question drop column carried_to;
