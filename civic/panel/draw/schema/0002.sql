-- +goose Up

-- A contact that was shown at the door of a mailbox counts once. One that was only
-- typed says nothing: whoever types somebody's contact neither learns that they
-- registered nor keeps them out. Registrations that were out for it are in, and
-- those that a frozen pool left out can do nothing any more.
drop index draw_volunteer_contact;
delete from draw_volunteer where twin and number = 0 and exists (select 1 from draw where draw.edition = draw_volunteer.edition and draw.state in ('frozen', 'drawn'));
alter table draw_volunteer drop column twin;
alter table draw_volunteer add column proven boolean not null default false;
create unique index draw_volunteer_contact on draw_volunteer (edition, contact) where proven;

-- +goose Down
drop index draw_volunteer_contact;
alter table draw_volunteer drop column proven;
alter table draw_volunteer add column twin boolean not null default false;
create unique index draw_volunteer_contact on draw_volunteer (edition, contact) where not twin;
