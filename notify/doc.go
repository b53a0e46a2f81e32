// Package notify tells people by mail what became of what they asked about: what,
// to whom, in which language, at which pace.
//
//	event line ─► Follow ─► notify_notice ─► job "notify" ─► notify_mail, notify_item ─► Courier ─► SMTP
//	                 (what)                  (to whom: 256 contacts a step)   (when due)
//
// In: the event line, and who listens (civic/people/notice). Out: mails, each with
// the newest checkpoint of the record and the link that ends it. Nobody calls it,
// and no act waits for it. Rows hold ids and codes: the address is read from the
// safe when the mail is written, the words when it is sent, so that nothing is told
// that was withdrawn or erased meanwhile.
//
// # The states of a mail
//
//	waiting ──► claimed ──► handed ──250──► sent
//	   ▲           │           ├─ 4xx, or the line broke ─► waiting, later
//	   │           │           ├─ 5xx ─► refused             (an unknown mailbox is forgotten)
//	   └───────────┘           └─ this process ended ─► unsure ──the keeper says so──► waiting
//	 not begun, or stopped                              (the contact is gone ─► dropped)
//
// # What is promised
//
// Events become mails exactly once: the follower's place, a step of the fan-out
// and its rows are one act each, and of one thing a contact hears in one mail.
//
// A mail leaves at most once by whatever happens to this process. "handed" is
// durable before the last dot of DATA is written, and a mail server takes a
// message only with that dot. So after a kill or a power cut a claimed mail has
// surely not been taken, and is sent; a handed one is not sent again. It has
// nearly always been taken, since between the mark and the dot there is one
// write to a socket; it becomes unsure, is counted (metrics, `glosa jobs`), and
// goes out again only if the keeper says so. There are at most as many unsure
// mails as connections. Asked to stop, a courier finishes what it has in hand, and
// leaves none.
//
// While this process lives, nothing is lost: a mail that got no 250 goes again,
// for five days, also when the line broke between the dot and the answer. There a
// server that had taken it and died before saying so makes a second copy; no
// sender of SMTP can know (RFC 5321, 6.1 puts the duty to keep trying on the
// sender). Both copies have the same Message-ID, a function of contact and
// content, by which mailboxes drop the second.
//
// A server that is away costs nothing: mails wait, none is counted as failed.
//
// # What it never does
//
// It keeps no address, no subject and no text; it does not track who opens or
// follows a link; it sends no HTML. Only one node sends at a time.
//
// A request over one's own data (civic/people/rights) is told by one mail to the
// address that was left in it, which is erased by the act that settles the mail.
//
// The code by which somebody shows a mailbox (civic/people/voter) goes the same
// way; after its ten minutes it is not sent any more.
//
// Start with notice.go (what is told to whom), then follow.go, spread.go, send.go.
package notify
