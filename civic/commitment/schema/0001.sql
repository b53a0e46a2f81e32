-- +goose Up
create table commitment (
  id          text primary key,
  edition     text not null,
  series      text not null,
  prefix      text not null,
  year        bigint not null,
  number      bigint not null check (number > 0),
  state       text not null check (state in ('proposed', 'negotiated', 'accepted', 'declined', 'active', 'suspended',
    'fulfilled_claimed', 'verified', 'disputed', 'evaluated', 'abandoned', 'merged', 'split', 'carried_over', 'documented')),
  synthetic   boolean not null,
  mesa        text not null default '',
  question    text not null default '',
  territory   text not null default '',
  goal        bigint not null default 0 check (goal between 0 and 17),
  starts      bigint not null default 0,
  ends        bigint not null default 0,
  proposed    bigint not null,
  accepted    bigint not null default 0,
  updated     bigint not null default 0,
  gov_status  text not null default '',
  gov_own     text not null default '',
  gov_own_en  text not null default '',
  gov_note    text not null default '',
  gov_note_en text not null default '',
  gov_sources text not null default '',
  gov_at      bigint not null default 0,
  gov_by      text not null default '',
  obs_status  text not null default '',
  obs_own     text not null default '',
  obs_own_en  text not null default '',
  obs_note    text not null default '',
  obs_note_en text not null default '',
  obs_sources text not null default '',
  obs_at      bigint not null default 0,
  obs_by      text not null default '',
  reason      text not null default '',
  reason_by   text not null default '',
  unique (prefix, year, number)
);
create index commitment_edition on commitment (edition);
create index commitment_series on commitment (series);
create index commitment_question on commitment (question);
create index commitment_starts on commitment (state, starts);

-- A wording comes into force when two humans of two sides agreed to it; the row
-- itself refuses one human on both sides. A stated one is as its sources have it.
create table commitment_version (
  commitment  text not null references commitment (id),
  number      bigint not null check (number > 0),
  content     text not null,
  at          bigint not null,
  date_text   text not null default '',
  edtf        text not null default '',
  restated    boolean not null default false,
  stated      boolean not null default false,
  sources     text not null default '',
  reason      text not null default '',
  digest      bytea not null,
  gov_human   text not null default '',
  gov_by      text not null default '',
  gov_at      bigint not null default 0,
  civil_human text not null default '',
  civil_by    text not null default '',
  civil_at    bigint not null default 0,
  in_force    bigint not null default 0,
  primary key (commitment, number),
  constraint commitment_two_humans check (gov_human = '' or civil_human = '' or gov_human <> civil_human),
  constraint commitment_both_agreed check (in_force = 0 or stated or (gov_human <> '' and civil_human <> '')),
  constraint commitment_stated check (not stated or sources <> '')
);

create table commitment_owner (
  commitment  text not null references commitment (id),
  side        text not null check (side in ('government', 'civil')),
  institution text not null,
  part        text not null check (part in ('supervises', 'leads', 'coordinates', 'supports')),
  primary key (commitment, side, institution)
);
create unique index commitment_one_leads on commitment_owner (commitment, side) where part = 'leads';
create index commitment_owner_institution on commitment_owner (institution);

create table commitment_target (
  commitment text not null references commitment (id),
  place      bigint not null check (place between 1 and 3),
  target     text not null,
  rationale  text not null,
  primary key (commitment, place),
  unique (commitment, target)
);

create table commitment_milestone (
  id         text primary key,
  commitment text not null references commitment (id),
  number     bigint not null,
  title      text not null,
  due        bigint not null,
  progress   text not null default 'pending' check (progress in ('pending', 'in_progress', 'claimed_done', 'verified', 'rejected', 'overdue')),
  changed    bigint not null default 0,
  note       text not null default '',
  unique (commitment, number)
);
create index commitment_milestone_due on commitment_milestone (progress, due);

-- The salt opens the commitment that the record holds of a citizen's words (sealed).
-- Of erased evidence nothing is left that says what it was, but when and by which
-- two posts, and the hash of its file, which the record holds too: the same bytes
-- are not taken again.
create table commitment_evidence (
  id         text primary key,
  commitment text not null references commitment (id),
  milestone  text not null,
  title      text not null,
  file       text not null,
  media      text not null,
  size       bigint not null,
  url        text not null,
  state      text not null check (state in ('submitted', 'integrity_checked', 'reviewed', 'superseded', 'erased')),
  review     text not null default '' check (review in ('', 'accepted', 'insufficient', 'irrelevant')),
  reason     text not null default '',
  by_actor   text not null,
  side       text not null,
  at         bigint not null,
  next       text not null default '',
  salt       bytea not null,
  sealed     bytea not null,
  gone_at    bigint not null default 0,
  gone_word  text not null default '',
  gone_post1 text not null default '',
  gone_post2 text not null default '',
  gone_file  text not null default '',
  check (state = 'erased' or (file = '') <> (url = '')),
  constraint commitment_evidence_gone check (state <> 'erased' or (title = '' and file = '' and media = '' and size = 0 and url = '' and length(salt) = 0)),
  constraint commitment_evidence_by_two check ((state = 'erased') = (gone_at <> 0) and (state <> 'erased' or gone_post1 <> gone_post2))
);
create index commitment_evidence_gone_file on commitment_evidence (gone_file) where gone_file <> '';
create index commitment_evidence_sealed on commitment_evidence (sealed);
create index commitment_evidence_of on commitment_evidence (commitment);
create index commitment_evidence_state on commitment_evidence (state, at);

-- Evidence is erased when two humans of two sides say the same word, without
-- having seen each other's: a ground and a law.
create table commitment_erasure (
  evidence text not null references commitment_evidence (id),
  round    bigint not null check (round > 0),
  human1   text not null check (human1 <> ''),
  side1    text not null check (side1 in ('government', 'civil')),
  post1    text not null,
  word1    text not null check (word1 <> ''),
  at1      bigint not null,
  human2   text not null default '',
  side2    text not null default '',
  post2    text not null default '',
  word2    text not null default '',
  at2      bigint not null default 0,
  outcome  text not null default '' check (outcome in ('', 'erased', 'nothing')),
  closed   bigint not null default 0,
  primary key (evidence, round),
  constraint commitment_erasure_two check (human2 = '' or (human2 <> human1 and side2 in ('government', 'civil') and side2 <> side1)),
  constraint commitment_erasure_same check (outcome <> 'erased' or (human2 <> '' and word2 = word1)),
  check ((outcome = '') = (closed = 0))
);
create unique index commitment_erasure_open on commitment_erasure (evidence) where closed = 0;

create table commitment_pause (
  commitment  text not null references commitment (id),
  number      bigint not null,
  reason      text not null check (reason <> ''),
  by_actor    text not null,
  at          bigint not null,
  back_reason text not null default '',
  back_by     text not null default '',
  back_at     bigint not null default 0,
  primary key (commitment, number),
  check ((back_at = 0) = (back_reason = ''))
);

create table commitment_update (
  commitment text not null references commitment (id),
  number     bigint not null,
  status     text not null,
  percent    bigint not null check (percent between 0 and 100),
  words      text not null,
  blockers   text not null,
  next       bigint not null,
  by_actor   text not null,
  at         bigint not null,
  primary key (commitment, number)
);

create table commitment_assessment (
  commitment  text not null references commitment (id),
  number      bigint not null,
  criterion   text not null,
  fixed       bigint not null,
  status      text not null,
  rationale   text not null,
  considered  text not null,
  closing     boolean not null,
  phase       text not null check (phase in ('draft', 'right_of_reply', 'final')),
  by_actor    text not null,
  at          bigint not null,
  reply_until bigint not null,
  reply       text not null default '',
  reply_by    text not null default '',
  reply_at    bigint not null default 0,
  final_at    bigint not null default 0,
  primary key (commitment, number)
);
create index commitment_assessment_reply on commitment_assessment (phase, reply_until);

create table commitment_link (
  commitment text not null references commitment (id),
  way        text not null check (way in ('earlier', 'later', 'ogp')),
  target     text not null,
  basis      text not null check (basis in ('documented', 'inferred', 'none')),
  sources    text not null,
  primary key (commitment, way, target)
);

create table commitment_fate (
  commitment text not null references commitment (id),
  edition    text not null,
  outcome    text not null check (outcome in ('continue', 'merge', 'split', 'fulfilled', 'abandoned', 'unknown')),
  reason     text not null,
  into_ids   text not null,
  by_actor   text not null,
  at         bigint not null,
  primary key (commitment, edition),
  constraint commitment_abandoned_reason check (outcome <> 'abandoned' or reason <> '')
);

create table commitment_entry (
  commitment text not null references commitment (id),
  number     bigint not null,
  content    text not null,
  primary key (commitment, number)
);
