-- +goose Up

-- A device that is a kiosk, or may become one. code is the hash of the code that
-- opens it, null once it was typed; device is the hash of what the device keeps.
create table intake_kiosk (
  id text primary key,
  desk text not null references intake_desk (id),
  code bytea,
  device bytea,
  who text not null,
  until bigint not null,
  opened_at bigint not null default 0,
  check (code is null or device is null)
);
create index intake_kiosk_desk on intake_kiosk (desk, opened_at);

-- +goose Down
drop table intake_kiosk;
