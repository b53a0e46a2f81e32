package web

import (
	"context"
	"sync"

	"glosa"
)

// memoryLine is an event line in memory: dense, ordered, with waiting readers.
type memoryLine struct {
	mu     sync.Mutex
	events []glosa.Event
	step   chan struct{}
}

func newMemoryLine() *memoryLine { return &memoryLine{step: make(chan struct{})} }

func (l *memoryLine) leave(tags ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, glosa.Event{Seq: int64(len(l.events) + 1), Tags: tags})
	close(l.step)
	l.step = make(chan struct{})
}

func (l *memoryLine) After(_ context.Context, seq int64, limit int) ([]glosa.Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := l.events[seq:]
	return rest[:min(limit, len(rest))], nil
}

func (l *memoryLine) Head(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.events)), nil
}

func (l *memoryLine) Wait(ctx context.Context, seq int64) error {
	l.mu.Lock()
	more, step := int64(len(l.events)) > seq, l.step
	l.mu.Unlock()
	if more {
		return nil
	}
	select {
	case <-step:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
