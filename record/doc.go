// Package record keeps the public record: a log that can only grow, in a form
// that other people's tools can check (C2SP tlog-tiles), so that whoever runs the
// server cannot drop, alter or backdate an acknowledged act unseen.
//
// In: public events of the line, of the closed list of kinds that cmd hands over.
// Out: the paths under /record/, promises, receipts, verification. It never holds
// free text, names, contacts or municipalities of citizens; it never calls a room;
// it never repairs what it signed. When something is wrong it pauses ([Log.Status])
// and the site goes on.
//
// Where to start: [Log.Follow] (follow.go) fills the table and seals it; tree.go
// and edge.go write tiles; leaf.go, scan.go and shape.go say what a leaf is;
// [Verify] (verify.go, walk.go, claim.go) checks it all from outside;
// [CheckRestore] and [TakeOver] put a backup back without a second history.
//
// # What decides
//
// The table record_leaf(n, seq, leaf): leaf n has index n, the first is 0. Tiles
// and checkpoints are a pure function of it. An Ed25519 checkpoint holds no time,
// so any node makes the same bytes, signature included. The table's cursor is its
// own last row; the tiles' cursor is the size in their own checkpoint.
//
//	event line ─fill─► record_leaf ─seal─► tiles ─► checkpoint (the commit point)
//	            one node                  each node with a folder of its own
//
// # Leaf
//
// JCS (RFC 8785) of at most 16,384 bytes, exactly these keys in this order, no
// blanks, no escapes:
//
//	{"at":"2026-09-20T15:04:00Z","body":{"commit":"…","lock":"…","lock_by":"device"},"by":"citizen","ed":"qroo-10","id":"QR26-0427-K","kind":"question.received","n":"10482","v":1}
//
//	at    UTC; a citizen's to the minute (seconds 00), others to the second
//	body  exactly the fields that the kind declares, sorted; a field declared
//	      omitempty or omitzero may be absent
//	by    citizen | system | admin | post:KEY | seat:SIDE:N
//	ed    the edition, or ""
//	id    the subject (a folio, a commitment's id), or ""
//	kind  of the closed list
//	n     the index, decimal, as a string
//
// Every string is a word: printable ASCII without blank, quotation mark or
// backslash, at most 256 bytes. Go's int64 and uint64 are written as strings of
// digits, smaller integers (and int, below 2^53) as numbers; hashes as 44
// characters of base64; times like at. A body field named commit, commits or
// …_commit holds commitments (glosa.Commit). The leaf's hash is SHA-256(0x00 ‖
// leaf), nodes are SHA-256(0x01 ‖ left ‖ right), as in RFC 6962.
//
// # Paths
//
//	/record/checkpoint            newest, signed by the log's key; not cached
//	/record/checkpoint.witnessed  newest that meets the policy's quorum; 404 until there is one
//	/record/tile/L/N[.p/W]        hashes, 32 bytes each; W from 1 to 255
//	/record/tile/entries/N[.p/W]  leaves, each after its length as 2 bytes, big-endian
//	/record/key, promise-key      verifier keys (C2SP signed-note), one line
//	/record/policy                C2SP tlog-policy; the promise key in a comment:
//	                              "# glosa.promise-key <vkey>"
//	/record/texts                 what is published of each commitment, one JSON object a line:
//	    {"commit":"<base64>","state":"opened","salt":"<base64>","object":{…}}
//	    {"commit":"<base64>","state":"sealed"}
//	    {"commit":"<base64>","state":"erased"}
//	/record/official              what else is published and leaves decide, one JSON object a line:
//	    {"of":"question","id":"QR26-0427-K","what":"state","word":"answered"}
//	    {"of":"question","id":"QR26-0427-K","what":"answer.1","text":"{…}"}
//	    {"of":"report","id":"qroo-10-informe","what":"file.<sha256>","file":"/es/…"}
//
// Every commitment of every leaf must be opened (salt and object give it), sealed,
// or erased by a tombstone leaf text.erased whose body.target is the commitment;
// anything else is MISSING, a failure, also where a leaf record.restored tells that
// the text was lost with the acts of an older backup: that is said with it, and no
// restore makes a text disappear in silence. A tombstone carries two posts, one of the
// government and one of civil society, or the preimage of the author's lock; a
// refusal carries two such posts. A seat says its side (seat:SIDE:N); a post's was
// said by the leaf auth.invited. /record/texts lists no order and no position. A
// text whose commitment no leaf holds is a failure; so is one that is sealed after
// the leaf that admits it, or open before.
//
// # What is published beside it
//
// /record/official lists states, numbers, official texts and files, with only
// what pages show. Each room says by a fold, a function from public events alone,
// what every line must be after each leaf ([glosa.Ledger]): a word must be that
// word; of a text or a file the SHA-256 of the bytes must be the one that the leaf
// holds. What is published and no leaf says, what leaves say and is not
// published, and what differs are failures that name the object and the leaf
// (ledger.go). A line may have any value that it had while the site was being
// read; if something does not agree there is a second look, which waits for the
// record to catch up. Where a leaf record.restored says that acts were lost, what
// they said is compared with nothing until it is said again, and counted. By a
// site's address the API's replies are held against the same lines ([Pages]).
//
// # Promise
//
// A signed note (C2SP) by the key <origin>/promise, its text seven lines:
//
//	glosa.promise/v1
//	glosa.example/record
//	question.received
//	received 2026-09-20T15:04:31Z
//	merge-by 2026-09-20T16:04:31Z
//	commit LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=
//	after 10481 bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=
//
// It is kept when a leaf of the same room, at index 10481 or later, holds the
// commitment. It is broken when merge-by is past and a later checkpoint's tree
// holds none: anybody can prove that.
//
// # Receipts
//
// Shareable (file name .tlog-proof): C2SP tlog-proof v1. Its extra data, after
// base64, is
//
//	glosa.receipt/v1 LF leaf LF promise
//
// where promise is the signed note to the end, or nothing. It names nobody.
//
// Private: JSON with exactly these members. proof is a shareable receipt as text,
// or "" while the commitment is only promised; the salt is SHA-256(salt_server ‖
// salt_device), and glosa.Commit(salt, object) is the commitment.
//
//	{"format":"glosa.private-receipt/v1","object":{…},"promise":"glosa.promise/v1\n…",
//	 "proof":"c2sp.org/tlog-proof@v1\n…","salt_device":"<16 bytes, base64>","salt_server":"<32 bytes, base64>"}
//
// Both are checked offline under a saved policy: [CheckReceipt].
//
// # Keys
//
// <data>/keys/log.key and promise.key, mode 0600, outside the database: the signer
// key, LF, the verifier key, LF, both as golang.org/x/mod/sumdb/note writes them.
// They are made once, before the first checkpoint; lost keys are not made anew.
//
// # What it does not do
//
// Witnesses, mirrors and key rotation are not here yet: the policy says quorum
// none, and pages say that nobody outside has attested the record. A host that
// shows one person another record than everybody else is found only by comparing
// checkpoints. What is sealed is not judged: the verifier counts it. Dates that
// follow from others (when something is due), counts of support while ballots are
// taken, and the register of people are not in the list of official things.
package record
