package web

import (
	"context"

	"glosa"
	"glosa/auth"
)

// Sessions tells who holds a session.
type Sessions interface {
	// Actor is who holds the session of this token. ok is false when there is
	// none or it has ended; err is for what went wrong on our side.
	Actor(ctx context.Context, token string) (actor glosa.Actor, ok bool, err error)
}

// SignedIn is the sessions that auth keeps.
type SignedIn struct{ Desk *auth.Desk }

// Actor resumes a session; one that has ended is none.
func (s SignedIn) Actor(ctx context.Context, token string) (glosa.Actor, bool, error) {
	session, err := s.Desk.Resume(ctx, token)
	switch {
	case err == nil:
		return session.Actor, true, nil
	case glosa.KindOf(err) == glosa.NotFound:
		return glosa.Actor{}, false, nil
	}
	return glosa.Actor{}, false, err
}
