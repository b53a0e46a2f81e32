-- +goose Up

-- The civil day on which the register of posts showed that the selector held
-- nothing in government; '' for agendas made before it was asked.
alter table priority_selection add column free_on text not null default '';

-- +goose Down
alter table priority_selection drop column free_on;
