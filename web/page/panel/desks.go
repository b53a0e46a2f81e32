package panel

import "glosa/web/door"

// mountDesks hangs up the desks of those who prepare, run and write down the session.
func (p *Pages) mountDesks(*door.Router) {}
