package edition

import "testing"

func BenchmarkParseProtocol(b *testing.B) {
	text, err := Template("glosa-qroo")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ParseProtocol(text); err != nil {
			b.Fatal(err)
		}
	}
}
