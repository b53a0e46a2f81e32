-- +goose Up

-- Questions that are public and have no words yet: asked by sound or in sign
-- language, and admitted because nobody said a second word in time. Until an
-- office writes down what they say they stand before the moderators, with a clock.
create table question_unwritten (
  question text primary key references question (id),
  from_at bigint not null,
  due_at bigint not null
);

-- +goose Down
drop table question_unwritten;
