package edition

import (
	"sync"

	"glosa"
)

// shelf remembers parsed protocols by the digest of their text: [Load] runs in
// every act, and parsing takes milliseconds. It is a memo of a pure function, so
// nothing depends on what it holds; it is emptied when it grows past its bound.
type shelf struct {
	mu sync.RWMutex
	by map[glosa.Hash]*Protocol
}

const shelfBound = 64

var protocols = &shelf{by: map[glosa.Hash]*Protocol{}}

func (s *shelf) parsed(digest glosa.Hash, text string) (*Protocol, error) {
	s.mu.RLock()
	p := s.by[digest]
	s.mu.RUnlock()
	if p != nil {
		return p, nil
	}
	p, err := ParseProtocol([]byte(text))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.by) >= shelfBound {
		clear(s.by)
	}
	s.by[digest] = p
	return p, nil
}
