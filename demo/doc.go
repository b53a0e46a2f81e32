// Package demo fills a house with the facts of Quintana Roo and with two
// synthetic editions in which every role can act.
//
// Why it exists: a newcomer types one command and sees the real editions, 2018
// to 2025, with their sources and conflicts, and beside them a whole year of
// the exercise as it could be. What is real comes from data/ and is shown as
// the sources say it, gaps included. What is synthetic is made by the same acts
// that people use, under a fake clock, so it cannot show what the rules forbid;
// nobody in it has a name.
//
// In: a configuration of a site on an empty folder. Out: the folder filled, with
// its record. DEMO25 is whole and evaluated; DEMO26 has its questions open, with
// dates computed from the day it is made, and DEMO25's open commitments wait
// there for their disposition.
//
// The data:
//
//	data/sources.yaml      every address, once
//	data/editions.yaml     the nine real editions, gaps included
//	data/commitments.yaml  the real commitments, with how each step is tied to the first
//	data/facts.yaml        other facts: counts with denominators, conflicts, gaps
//	data/demo25.txt        the synthetic questions, one a line; demo26.txt likewise
//
// Start reading at [Fill].
package demo
