-- +goose Up
-- Questions that were admitted before routing had a term are looked at once: the
-- clock then counts what is theirs.
update question set next_at = admitted_at where state = 'admitted' and next_at = 0 and paused_at = 0 and admitted_at > 0;

-- +goose Down
select 1;
