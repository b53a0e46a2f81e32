-- +goose Up

-- Where the file of an attachment lies, sealed under a key of its own. Erasure
-- empties the key: what is left on a disk or in a backup of the files cannot be
-- read, and a row without a key is a file that is still to be removed.
create table question_file (
  question text not null references question (id),
  version bigint not null,
  file text not null,
  key bytea,
  primary key (question, version)
);
create index question_file_gone on question_file (file) where key is null;

-- +goose Down
drop table question_file;
