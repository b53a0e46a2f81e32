-- +goose Up

-- When it was said in public that the answer is late, and when the person was told
-- of it: then how to reach them is not kept any more.
alter table right_request add column late bigint not null default 0;
alter table right_request add column told bigint not null default 0;
create index right_request_due on right_request (due) where resolved = 0 and late = 0 and proof <> '';

-- +goose Down
drop index right_request_due;
alter table right_request drop column told;
alter table right_request drop column late;
