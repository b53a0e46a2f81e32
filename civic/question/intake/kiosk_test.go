package intake

import (
	"strings"
	"testing"
	"time"

	"glosa"
)

// unlock opens a device as a kiosk.
func (s *stage) unlock(id DeskID) (device string) {
	s.Helper()
	code, _, err := s.d.Invite(s.ctx, s.desk, id)
	s.ok(err)
	device, err = s.d.Unlock(s.ctx, id, code)
	s.ok(err)
	return device
}

// TestAKioskIsADeviceThatTheDeskOpened: by a code, once, in its time, at its desk;
// what the desk closed takes no question any more. Only hashes are kept.
func TestAKioskIsADeviceThatTheDeskOpened(t *testing.T) {
	each(t, func(s *stage) {
		kiosk, other, paper := s.open(Kiosk), s.open(Kiosk), s.open(Paper)
		ask := func(at DeskID, device string) error {
			_, err := s.d.Ask(s.ctx, glosa.Citizen(), at, device, Form{Text: "¿Cuándo?"})
			return err
		}
		unlock := func(at DeskID, code string) error {
			_, err := s.d.Unlock(s.ctx, at, code)
			return err
		}
		s.kind(ask(kiosk, ""), glosa.Denied)
		s.kind(ask(kiosk, "guessed"), glosa.Denied)
		_, _, err := s.d.Invite(s.ctx, s.moderator, kiosk)
		s.kind(err, glosa.Denied)
		_, _, err = s.d.Invite(s.ctx, s.desk, paper)
		s.kind(err, glosa.NotFound)

		former, _, err := s.d.Invite(s.ctx, s.desk, kiosk)
		s.ok(err)
		code, until, err := s.d.Invite(s.ctx, s.desk, kiosk)
		s.ok(err)
		if !until.Equal(s.clock.Now().Add(codeLasts)) || len(code) != codeLetters+1 {
			t.Errorf("%q until %s", code, until)
		}
		s.kind(unlock(kiosk, former), glosa.Invalid)
		s.kind(unlock(kiosk, ""), glosa.Invalid)
		s.kind(unlock(other, code), glosa.Invalid)
		s.kind(unlock(paper, code), glosa.NotFound)
		device, err := s.d.Unlock(s.ctx, kiosk, " "+strings.ToLower(strings.ReplaceAll(code, "-", " ")))
		s.ok(err)
		s.kind(unlock(kiosk, code), glosa.Invalid)
		s.ok(ask(kiosk, device))
		s.kind(ask(other, device), glosa.Denied)

		late, _, err := s.d.Invite(s.ctx, s.desk, kiosk)
		s.ok(err)
		s.clock.Advance(codeLasts)
		s.kind(unlock(kiosk, late), glosa.Invalid)
		s.ok(ask(kiosk, device)) // a new code closes no device
		room, err := s.d.At(s.ctx, s.desk, kiosk)
		s.ok(err)
		if len(room.Devices) != 1 || room.Devices[0].Opened.IsZero() {
			t.Fatalf("%+v", room.Devices)
		}
		s.kind(s.d.Shut(s.ctx, s.desk, other, room.Devices[0].ID), glosa.NotFound)
		s.ok(s.d.Shut(s.ctx, s.desk, kiosk, room.Devices[0].ID))
		s.kind(ask(kiosk, device), glosa.Denied)

		again := s.unlock(kiosk)
		s.clock.Advance(DeviceLasts - time.Hour)
		if yes, err := s.d.Unlocked(s.ctx, kiosk, again); err != nil || !yes {
			t.Errorf("within its time: %t %v", yes, err)
		}
		s.clock.Advance(time.Hour)
		if yes, err := s.d.Unlocked(s.ctx, kiosk, again); err != nil || yes {
			t.Errorf("after its time: %t %v", yes, err)
		}
	})
}
