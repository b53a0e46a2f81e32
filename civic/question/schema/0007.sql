-- +goose Up

-- Each filter's list, newest first, holds the columns of the other filters, so that
-- several at once are answered out of one index: rows are read only of what is shown.
drop index question_listed_at;
drop index question_listed_theme;
drop index question_listed_by;
drop index question_listed_lang;
create index question_listed_at on question (edition, municipality, listed_at, id, state, theme, institution, lang, admitted_at) where admitted_at > 0;
create index question_listed_theme on question (edition, theme, listed_at, id, state, institution) where listed_at > 0;
create index question_listed_by on question (edition, institution, listed_at, id, state) where listed_at > 0;
create index question_listed_lang on question (edition, lang, listed_at, id, state, theme, institution, admitted_at) where admitted_at > 0;

-- +goose Down
drop index question_listed_lang;
drop index question_listed_by;
drop index question_listed_theme;
drop index question_listed_at;
create index question_listed_at on question (edition, municipality, listed_at, id) where admitted_at > 0;
create index question_listed_theme on question (edition, theme, listed_at, id) where listed_at > 0;
create index question_listed_by on question (edition, institution, listed_at, id) where listed_at > 0;
create index question_listed_lang on question (edition, lang, listed_at, id) where admitted_at > 0;
