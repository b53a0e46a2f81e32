package edition

import (
	"errors"
	"sync"
	"time"

	"glosa"
)

// shelf remembers parsed protocols by the digest of their text, and time zones by
// their names: [Load] runs in every act, and parsing takes milliseconds. It is a
// memo of pure functions, so nothing depends on what it holds; it is emptied when
// it grows past its bound.
type shelf struct {
	mu    sync.RWMutex
	by    map[glosa.Hash]*Protocol
	zones map[string]*time.Location
}

const shelfBound = 64

var protocols = &shelf{by: map[glosa.Hash]*Protocol{}, zones: map[string]*time.Location{}}

// find is the protocol of a digest, nil when the shelf does not hold it.
func (s *shelf) find(digest glosa.Hash) *Protocol {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.by[digest]
}

func (s *shelf) parsed(digest glosa.Hash, text string) (*Protocol, error) {
	p, err := ParseProtocol([]byte(text))
	if err != nil {
		return nil, err
	}
	if p.Digest != digest {
		return nil, errors.New("its text does not have its digest")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.by) >= shelfBound {
		clear(s.by)
	}
	s.by[digest] = p
	return p, nil
}

func (s *shelf) location(name string) (*time.Location, error) {
	s.mu.RLock()
	zone := s.zones[name]
	s.mu.RUnlock()
	if zone != nil {
		return zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.zones) >= shelfBound {
		clear(s.zones)
	}
	s.zones[name] = zone
	return zone, nil
}
