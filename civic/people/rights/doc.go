// Package rights is where a person asks for what the law gives them over their
// own data: to see it, to have it corrected, to have it erased, or to oppose its
// use; and where the answer is owed on a clock.
//
//	received ──key──────────────► in_process ──extend──► extended
//	    │                             │  ▲                  │
//	    └──identity (at a desk) ──────┼──┘                  │
//	                                  ▼                     ▼
//	                               resolved ◄───────────────┘
//	                                  │ granted
//	                                  ▼
//	                               executed
//
// Who asks shows who they are by the folio and key of their question, or in
// person at a desk, where a document is seen and not copied; nothing is ever
// uploaded. The desk writes how it was seen, by a list, and which questions are
// theirs; without a question nothing is granted. What they write, how to reach them and which questions are theirs lie
// in one sealed box; outside it stand a kind, a state and days. Events carry the
// same and are private; the public sees counts ([Desk.Counts]) and, once, that an
// answer is late, with the right and the day and no folio.
//
// A cancellation and a refusal take two persons of two sides (trust.md §6). A word
// alone does nothing, in no room. Sides that disagree block nobody: either may
// change its word, facilitators and convenors may say one too, the clock runs, and
// an answer that is late is told in public. What a desk itself identified is not
// granted by the same person alone. What is done to a question is done by the question's room, through functions handed
// in ([Rooms]), inside the same transaction; each reports what it did ([Done]).
//
// Terms come with the legal regime that the protocol names ([TermsOf]). Where no
// source gives a term the value is a template's, and pages say so.
//
// When a request is executed its box is emptied of what was asked; of what was
// done to which question ninety days later, as the whole box of one that is over. How to reach whoever
// asked is kept until notify has told them that it is resolved ([Desk.Reach],
// [Desk.Told]); where no mail leaves, until it is executed.
//
// Start with rights.go, then desk.go.
package rights
