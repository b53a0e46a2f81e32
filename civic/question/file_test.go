package question

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question/attachment"
	"glosa/civic/report"
	"glosa/db"
)

func dot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 5, 5))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var spokenNote = []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead")

// sends asks with a file, and perhaps without words.
func (s *stage) sends(text string, file []byte, shown bool) Receipt {
	s.Helper()
	rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: text, Municipality: "23005", File: file, FileShown: shown})
	s.ok(err)
	return rc
}

// lie counts the files in the folder.
func (s *stage) lie() (n int) {
	s.Helper()
	s.ok(s.d.Files.(*report.Folder).Each(s.ctx, func(glosa.FileID, time.Time) error { n++; return nil }))
	return n
}

func TestAnAttachmentIsPublicWithItsQuestion(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.sends("¿Cuándo tapan este bache?", dot(s.T), false)
		_, _, err := s.d.File(s.ctx, rc.ID)
		s.kind(err, glosa.NotFound)
		a, seen, err := s.d.FileFor(s.ctx, s.modCivil, rc.ID)
		s.ok(err)
		_, _, err = s.d.FileFor(s.ctx, s.liaison, rc.ID)
		s.kind(err, glosa.NotFound)
		_, _, err = s.d.FileFor(s.ctx, s.stranger, rc.ID)
		s.kind(err, glosa.NotFound)
		items, err := s.d.Queue(s.ctx, s.modCivil, s.id, Part{}, 10)
		s.ok(err)
		if len(items) != 1 || len(items[0].Files) != 1 || items[0].Files[0].What != attachment.Image {
			s.Errorf("%+v", items)
		}
		s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
		got, b, err := s.d.File(s.ctx, rc.ID)
		s.ok(err)
		if !bytes.Equal(b, seen) || got != a || glosa.Digest(b) != got.Digest || !got.Public || !strings.HasSuffix(got.Name(rc.ID), ".png") {
			s.Errorf("%+v is not %+v", got, a)
		}
		p := s.page(rc.ID)
		if len(p.Files()) != 1 || len(s.events("question.text_added", rc.ID)) != 1 {
			s.Errorf("%+v", p.Texts)
		}
		named, err := s.d.FilesNamed(s.ctx)
		s.ok(err)
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		if _, _, err = s.d.File(s.ctx, rc.ID); glosa.KindOf(err) != glosa.NotFound {
			s.Errorf("after erasing: %v", err)
		}
		after, err := s.d.FilesNamed(s.ctx)
		s.ok(err)
		if len(named) != 1 || len(after) != 0 || s.lie() != 1 {
			s.Errorf("named %v, then %v; %d files lie", named, after, s.lie())
		}
		for range 2 { // what is done finds nothing to do again
			s.ok(s.d.DropErased(s.ctx))
		}
		if s.lie() != 0 {
			s.Error("the file of an erased question still lies there")
		}
	})
}

// TestWhatAPDFHidesIsNotPublished: those who moderate and answer read it, nobody else.
func TestWhatAPDFHidesIsNotPublished(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.sends("¿Qué dice este oficio?", []byte("%PDF-1.7\n%%EOF"), true)
		s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
		s.ok(s.d.Route(s.ctx, s.modCivil, rc.ID, "SESA", "salud"))
		_, _, err := s.d.File(s.ctx, rc.ID)
		s.kind(err, glosa.NotFound)
		_, _, err = s.d.FileFor(s.ctx, s.liaison, rc.ID)
		s.ok(err)
		_, _, err = s.d.FileFor(s.ctx, s.otherLiaison, rc.ID)
		s.kind(err, glosa.NotFound)
		if f := s.page(rc.ID).Files(); len(f) != 1 || f[0].Public {
			s.Errorf("%+v", f)
		}
	})
}

// TestAVoiceAloneIsAQuestion: it has no words until an office writes them down,
// and is not admitted before; the spokenNote itself is public only by its owner's wish.
func TestAVoiceAloneIsAQuestion(t *testing.T) {
	each(t, func(s *stage) {
		for _, shown := range []bool{false, true} {
			rc := s.sends("", spokenNote, shown)
			s.kind(s.d.Admit(s.ctx, s.modCivil, rc.ID), glosa.Conflict)
			s.kind(s.d.Transcribe(s.ctx, s.modCivil, rc.ID, "  "), glosa.Invalid)
			s.kind(s.d.Transcribe(s.ctx, s.modCivil, rc.ID, strings.Repeat("a", 400)), glosa.Invalid)
			s.kind(s.d.Transcribe(s.ctx, s.liaison, rc.ID, "¿Una?"), glosa.Denied)
			s.kind(s.d.Transcribe(s.ctx, s.modCivil, "DEMO26-0000-X", "¿Una?"), glosa.NotFound)
			s.ok(s.d.Transcribe(s.ctx, s.modCivil, rc.ID, "¿Cuándo hay médico en Tihosuco?"))
			s.kind(s.d.Transcribe(s.ctx, s.modGov, rc.ID, "Otra cosa"), glosa.Conflict)
			s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
			p := s.page(rc.ID)
			if p.Text != "¿Cuándo hay médico en Tihosuco?" || p.Edited() || p.Unwritten() || p.Municipality != "23005" {
				s.Errorf("%+v", p.Brief)
			}
			var o Object
			s.ok(json.Unmarshal(p.Texts[len(p.Texts)-1].Object, &o))
			if o.Kind != "transcript" || o.Edition != s.id || len(s.events("question.transcribed", rc.ID)) != 1 {
				s.Errorf("%+v", o)
			}
			if _, _, err := s.d.File(s.ctx, rc.ID); (err == nil) != shown {
				s.Errorf("wish %t: %v", shown, err)
			}
		}
		_, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Municipality: "23005", File: dot(s.T)})
		s.kind(err, glosa.Invalid) // a picture says nothing by itself
	})
}

// TestAVoiceTellsTheOfficeNothingOfWhoAsks: sound that its owner did not want
// published is for those who write it down; the institution reads what it says.
func TestAVoiceTellsTheOfficeNothingOfWhoAsks(t *testing.T) {
	each(t, func(s *stage) {
		for _, shown := range []bool{false, true} {
			rc := s.sends("¿Cuándo hay médico en Tihosuco?", spokenNote, shown)
			s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
			s.ok(s.d.Route(s.ctx, s.modCivil, rc.ID, "SESA", "salud"))
			_, _, err := s.d.FileFor(s.ctx, s.modGov, rc.ID)
			s.ok(err)
			if _, _, err = s.d.FileFor(s.ctx, s.liaison, rc.ID); (err == nil) != shown || !shown && glosa.KindOf(err) != glosa.NotFound {
				s.Errorf("wish %t: the office that is questioned gets %v", shown, err)
			}
		}
	})
}

// TestAVoiceNobodyDecidedOn: a spoken question that is admitted because no second
// word came waits for its words before the moderators, with a clock, and its page
// says until when. Nobody admits it so by an act of their own.
func TestAVoiceNobodyDecidedOn(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.sends("", spokenNote, true)
		s.ok(s.d.Refuse(s.ctx, s.modGov, rc.ID, edition.Propaganda, ""))
		s.kind(s.d.Admit(s.ctx, s.modCivil, rc.ID), glosa.Conflict)
		other, waiting := s.admitted("¿Cuándo hay médico?"), s.sends("", spokenNote, true)
		_, err := s.propose(waiting.ID, other.ID, "")
		s.kind(err, glosa.Conflict)
		s.tick(s.page(rc.ID).Clock.Due.Add(time.Minute))
		p := s.page(rc.ID)
		if p.State != Admitted || !p.Unwritten() || !p.WordsClock.Due.After(s.clock.Now()) {
			t.Fatalf("%s, to be written until %s", p.State, p.WordsClock.Due)
		}
		items := func() (ids []glosa.QuestionID) {
			all, err := s.d.Queue(s.ctx, s.modCivil, s.id, Part{}, 9)
			s.ok(err)
			for _, x := range all {
				ids = append(ids, x.ID)
				if x.ID == rc.ID && (x.State != Admitted || !x.Due.Equal(p.WordsClock.Due) || len(x.Files) != 1) {
					t.Errorf("before the moderators stands %+v", x)
				}
			}
			return ids
		}
		if got := items(); len(got) != 2 || got[0] != rc.ID {
			t.Errorf("the queue: %v", got)
		}
		s.ok(s.d.Transcribe(s.ctx, s.modCivil, rc.ID, "¿Cuándo hay médico en Tihosuco?"))
		if p := s.page(rc.ID); p.Text == "" || !p.WordsClock.Due.IsZero() || len(items()) != 1 {
			t.Errorf("written down: %q, %d in the queue", p.Text, len(items()))
		}
	})
}

// TestATranscriptIsCorrected: a moderator of a side writes it down anew; what stood
// there stays readable, and the record says that it was corrected.
func TestATranscriptIsCorrected(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.sends("", spokenNote, true)
		s.kind(s.d.CorrectTranscript(s.ctx, s.modGov, rc.ID, "¿Una?"), glosa.Conflict) // nobody wrote it down
		s.ok(s.d.Transcribe(s.ctx, s.modCivil, rc.ID, "¿Cuándo hay médico en Tiosuco?"))
		s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
		noSide := s.modGov
		noSide.Side = glosa.Observatory
		s.kind(s.d.CorrectTranscript(s.ctx, noSide, rc.ID, "¿Otra?"), glosa.Denied)
		s.kind(s.d.CorrectTranscript(s.ctx, s.liaison, rc.ID, "¿Otra?"), glosa.Denied)
		s.kind(s.d.CorrectTranscript(s.ctx, s.modGov, rc.ID, " "), glosa.Invalid)
		s.kind(s.d.CorrectTranscript(s.ctx, s.modGov, rc.ID, "¿Cuándo hay médico en Tiosuco?"), glosa.Conflict) // says the same
		s.ok(s.d.CorrectTranscript(s.ctx, s.modGov, rc.ID, "¿Cuándo hay médico en Tihosuco?"))
		p := s.page(rc.ID)
		var first, now Object
		for _, x := range p.Texts {
			if x.Kind == TextAsked && len(x.Object) > 0 {
				first, now = now, Object{}
				s.ok(json.Unmarshal(x.Object, &now))
			}
		}
		if p.Text != "¿Cuándo hay médico en Tihosuco?" || now.Text != p.Text || first.Text != "¿Cuándo hay médico en Tiosuco?" {
			t.Errorf("it reads %q, and before it %q", p.Text, first.Text)
		}
		if step := p.Steps[len(p.Steps)-1]; step.Kind != "question.transcript_corrected" || step.By != "seat:government:1" || p.Edited() {
			t.Errorf("the public trace is %+v", step)
		}
		written := s.admitted("¿Con letras?")
		s.kind(s.d.CorrectTranscript(s.ctx, s.modGov, written.ID, "¿Con otras?"), glosa.Conflict)
	})
}

func TestWhatMayBeAttachedAndCited(t *testing.T) {
	each(t, func(s *stage) {
		submit := func(a Ask) error {
			a.Text, a.Municipality = "¿Una?", "23005"
			_, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, a)
			return err
		}
		s.kind(submit(Ask{File: []byte("<svg onload=alert(1)>")}), glosa.Invalid)
		s.kind(submit(Ask{File: append([]byte("%PDF-1.7"), make([]byte, 10<<20)...)}), glosa.Invalid)
		s.kind(submit(Ask{Commitment: "NADA-2025-01"}), glosa.Invalid)
		s.kind(submit(Ask{Commitment: "../x"}), glosa.Invalid)
		s.ok(submit(Ask{Once: "uno", File: dot(s.T)}))
		s.ok(submit(Ask{Once: "uno", File: dot(s.T)}))
		s.kind(submit(Ask{Once: "uno", File: spokenNote}), glosa.Conflict)
		rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿Y el centro?", Municipality: "23005", Commitment: "DEMO-2025-01"})
		s.ok(err)
		s.ok(s.d.AskEdit(s.ctx, s.modCivil, rc.ID, "unclear"))
		_, err = s.d.Edit(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, "¿Y el centro de salud?", "", [16]byte{})
		s.ok(err)
		s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
		if p := s.page(rc.ID); p.Commitment != "DEMO-2025-01" || p.Text != "¿Y el centro de salud?" || !p.Edited() {
			s.Errorf("%+v", p)
		}
	})
}

// TestEveryTypeThatAProtocolPromisesIsTaken: no protocol that ships promises a type
// of file that nobody looks into.
func TestEveryTypeThatAProtocolPromisesIsTaken(t *testing.T) {
	taken := map[string]bool{"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true, "audio/mpeg": true, "audio/mp4": true, "audio/ogg": true,
		"audio/wav": true, "audio/webm": true, "video/mp4": true, "video/webm": true, "application/pdf": true}
	for _, key := range append(edition.Templates(), edition.Rehearsals()...) {
		raw, err := edition.Template(key)
		if err != nil {
			t.Fatal(err)
		}
		p, err := edition.ParseProtocol(raw)
		if err != nil {
			t.Fatal(err)
		}
		if p.Limits.Attachments > 1 {
			t.Errorf("%s promises %d attachments; a form takes one", key, p.Limits.Attachments)
		}
		for _, media := range p.Limits.AttachmentTypes {
			if p.Limits.Attachments > 0 && !taken[media] {
				t.Errorf("%s promises %s", key, media)
			}
		}
	}
}

// TestTheCopyHoldsTheFile: what an author may take away holds the file itself, and
// what moderators were told of how the question came.
func TestTheCopyHoldsTheFile(t *testing.T) {
	each(t, func(s *stage) {
		rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "¿Cuándo tapan este bache?", Municipality: "23005", File: dot(s.T), Pace: "burst"})
		s.ok(err)
		_, lies, err := s.d.FileFor(s.ctx, s.modCivil, rc.ID)
		s.ok(err)
		read := func() OwnData {
			var held any
			s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
				held, err = s.d.Held(tx, rc.ID)
				return err
			}))
			held, err := s.d.Complete(s.ctx, held)
			s.ok(err)
			return held.(OwnData)
		}
		h := read()
		if len(h.Files) != 1 || !bytes.Equal(h.Files[0].Content, lies) || len(lies) == 0 || h.Pace != "burst" {
			s.Errorf("%+v", h)
		}
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		if h := read(); len(h.Files) > 0 && h.Files[0].Content != nil {
			s.Error("an erased file is copied")
		}
	})
}
