-- +goose Up
-- A series' dossier: where facts come from, and the facts that belong to no one edition.
CREATE TABLE edition_source (
	series TEXT NOT NULL,
	id     TEXT NOT NULL,
	n      BIGINT NOT NULL,
	body   TEXT NOT NULL,
	PRIMARY KEY (series, id)
);
CREATE TABLE edition_finding (
	series TEXT NOT NULL,
	id     TEXT NOT NULL,
	n      BIGINT NOT NULL,
	body   TEXT NOT NULL,
	PRIMARY KEY (series, id)
);
