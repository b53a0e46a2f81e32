-- +goose Up

-- One draw of an edition. terms is what was announced, as pages show it; the files
-- are what anybody replays the draw from.
create table draw (
  edition text primary key,
  state text not null check (state in ('announced', 'open', 'frozen', 'drawn')),
  terms text not null,
  closes bigint not null,
  seed_at bigint not null check (seed_at > closes),
  frozen bigint not null default 0,
  volunteers bigint not null default 0,
  unproven bigint not null default 0, -- of them: with a contact that nobody proved
  quotas bytea not null default '',
  pool bytea not null default '',
  lottery bytea not null default '',
  software text not null default '',
  seed text not null default '',
  drawn bigint not null default 0,
  transcript bytea not null default '',
  panel text not null default '',
  order_file bytea not null default '',
  chairs text not null default '', -- of the table, that are for whoever is drawn
  destroyed bigint not null default 0,
  -- board: what everybody sees of the volunteers so far
  looked bigint not null default 0,
  board_at bigint not null default 0,
  board text not null default '[]',
  gov_human text not null default '', -- who typed the seed that drew
  civil_human text not null default '',
  -- What was frozen or drawn does not go back to an earlier state and stay so.
  constraint draw_one_seed check ((state = 'drawn') = (seed <> '') and (state = 'drawn') = (drawn > 0)),
  constraint draw_one_pool check ((state in ('frozen', 'drawn')) = (frozen > 0)),
  -- The pool stands before the seed exists, and nothing is drawn before that.
  constraint draw_pool_first check (frozen = 0 or frozen >= closes and frozen < seed_at),
  constraint draw_seed_first check (state <> 'drawn' or drawn >= seed_at),
  constraint draw_two_humans check (state <> 'drawn' or gov_human <> '' and civil_human <> '' and gov_human <> civil_human)
);

-- A volunteer. What they said of themselves and how to reach them lies in the box
-- alone; no time is kept, and ids are random. number is 0 until the pool is frozen.
create table draw_volunteer (
  id text primary key,
  edition text not null references draw (edition),
  lock bytea not null,
  contact bytea not null,
  twin boolean not null,
  fresh boolean not null,
  box_id text not null,
  box bytea not null,
  number bigint not null default 0,
  committed bytea not null default '',
  gone boolean not null default false,
  seat text not null default '' check (seat in ('', 'invited', 'accepted', 'declined', 'vacated', 'withdrawn')),
  place bigint not null default 0,
  for_number bigint not null default 0,
  why text not null default '',
  invited bigint not null default 0,
  -- In which chair they sit: for their own page, the desk and the auditors. No leaf
  -- and no page says it.
  side text not null default '',
  chair bigint not null default 0,
  gov_human text not null default '', -- who said that nobody comes
  civil_human text not null default '',
  constraint draw_seat_of_number check (seat = '' or number > 0),
  constraint draw_chair_of_who_comes check (chair = 0 or seat = 'accepted'),
  constraint draw_gone_left_nothing check (not gone or number > 0 and box_id = ''),
  constraint draw_vacated_two_humans check (seat <> 'vacated' or gov_human <> '' and civil_human <> '' and gov_human <> civil_human)
);
create unique index draw_volunteer_contact on draw_volunteer (edition, contact) where not twin;
create unique index draw_volunteer_number on draw_volunteer (edition, number) where number > 0;
create unique index draw_volunteer_chair on draw_volunteer (edition, side, chair) where chair > 0;

-- The seed as each side typed it. One human types it for one side.
create table draw_seed (
  edition text not null references draw (edition),
  side text not null check (side in ('government', 'civil')),
  human text not null check (human <> ''),
  by_actor text not null,
  typed text not null,
  at bigint not null,
  primary key (edition, side),
  constraint draw_seed_two_humans unique (edition, human)
);

-- What a side says of a seat whose volunteer does not come. Two of them empty it.
create table draw_word (
  edition text not null references draw (edition),
  number bigint not null,
  side text not null check (side in ('government', 'civil')),
  human text not null check (human <> ''),
  why text not null,
  primary key (edition, number, side),
  constraint draw_word_two_humans unique (edition, number, human)
);

-- +goose Down
drop table draw_word;
drop table draw_seed;
drop table draw_volunteer;
drop table draw;
