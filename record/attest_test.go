package record

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa"
)

func TestAttestation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auditor.key")
	vkey, err := NewAuditKey(path, "uni.example/auditor")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewAuditKey(path, "uni.example/auditor"); err == nil {
		t.Error("a key was written over another")
	}
	skey, err := SignerKey(path)
	if err != nil {
		t.Fatal(err)
	}
	a := Attestation{Origin: "glosa.example/record", Contest: "qroo-10-agenda", Made: time.Date(2026, 10, 2, 15, 4, 31, 0, time.UTC),
		Size: 10482, Input: glosa.Digest([]byte("file")), Result: glosa.Digest([]byte("result")), Ballots: 12, Rows: 11, Findings: 3, Report: glosa.Digest([]byte("[]"))}
	raw, err := a.Sign(skey)
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenAttestation(raw, vkey)
	if a.By = "uni.example/auditor"; err != nil || got != a {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := OpenAttestation(bytes.Replace(raw, []byte("findings 3"), []byte("findings 0"), 1), vkey); err == nil {
		t.Error("a changed count is still signed")
	}
	other, err := NewAuditKey(filepath.Join(t.TempDir(), "other.key"), "uni.example/auditor")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAttestation(raw, other); err == nil {
		t.Error("signed by another key of the same name")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := SignerKey(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that everybody may read: %v", err)
	}
}

func FuzzAttestation(f *testing.F) {
	f.Add(Attestation{Origin: "glosa.example", Contest: "c", Made: time.Unix(0, 0)}.text())
	f.Add("glosa.audit.ballots/v1\n")
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := parseAttestation(text); err == nil && a.text() != text {
			t.Errorf("two spellings of one audit: %q", text)
		}
	})
}
