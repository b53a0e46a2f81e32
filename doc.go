// Package glosa is the hall of the house: the few words that every room
// shares, and this tour.
//
// Glosa runs the Open Government Accountability Exercise (Glosa de Gobierno
// Abierto): once a year a government reports; citizens question it; the
// dialogue becomes public commitments; an independent Observatory follows them
// until they are met. The product is the unbroken, verifiable chain
//
//	report → question → agenda → panel → answer → commitment → evidence → verdict
//
// # The tour
//
// Start in this package: [Error] (one type, seven kinds), the named ids,
// [Actor] and the law of testdata/may.txt, [Event] and [Line], [Clock], and
// the canonical JSON and commitments that the record is made of ([JCS], [Commit]).
//
// Then db: [glosa/db] runs an act (check the rule, write the rows, leave an
// event) as one durable unit on SQLite or PostgreSQL, and lines the events up.
//
// Then civic, room by room in the order of the civic calendar: edition, people,
// sdg, report, question, opinion, priority, panel, commitment. A room knows its past,
// never its future; each has its words and rules (named for the room), its
// desk.go (acts and readers), its sql.go (the only file that speaks SQL) and
// its event.go (what the world hears of it). Rooms below a room have their own
// doors and states: people/notice (who wants to be told), people/portrait (who
// asks, in counts), people/rights; question/intake (paper, telephone, assembly,
// kiosk), question/attachment.
//
// Then method: how results are computed, pure, for anyone who rechecks us: shares
// (the agenda), alike (the same question twice), cluster (groups of opinion),
// sortition (who sits on a panel, by lot).
//
// Then record, the first follower: it turns public events into the leaves of a
// C2SP tlog-tiles log that other people's tools can check, and verifies it.
//
// Then the other followers: job (work done later, once) and notify (mail, one to
// each person, also when it is killed in the middle).
//
// Then web, the front desk: pages by room, the JSON API, the page cache. And
// cmd/glosa, which only wires.
//
// The law of the house (who may import whom, where SQL may stand, how long a
// file may be) is house_test.go, next to this file.
package glosa
