-- +goose Up

-- What a commitment commits to: the words (asked, also once edited; redacted), a
-- translation of them, or a file that came with them. Versions are counted over
-- all kinds; question.version is the version of the present words. replaced_by is
-- the version that took this one's place, 0 while it stands: what stands is opened
-- together, what was replaced stays as it is.
alter table question_text add column kind text not null default 'asked'
  check (kind in ('asked', 'redacted', 'translated', 'attachment'));
alter table question_text add column lang text not null default '';
alter table question_text add column replaced_by bigint not null default 0;
update question_text set replaced_by = (select q.version from question q where q.id = question_text.question)
  where version < (select q.version from question q where q.id = question_text.question);

-- +goose Down
alter table question_text drop column replaced_by;
alter table question_text drop column lang;
alter table question_text drop column kind;
