-- +goose Up

-- Who said each of the two words and when, so that what two sides granted is done
-- in both their voices; since when they disagree; and of somebody who came in
-- person how it was seen who they are, who saw it and when. Nothing of a document.
alter table right_request add column first_at bigint not null default 0;
alter table right_request add column second_post text not null default '';
alter table right_request add column disputed bigint not null default 0;
alter table right_request add column checked text not null default '';
alter table right_request add column seen_by text not null default '';
alter table right_request add column seen_at bigint not null default 0;

-- +goose Down
alter table right_request drop column seen_at;
alter table right_request drop column seen_by;
alter table right_request drop column checked;
alter table right_request drop column disputed;
alter table right_request drop column second_post;
alter table right_request drop column first_at;
