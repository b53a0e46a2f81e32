package door

// Sort says how a route treats its visitor.
type Sort uint8

const (
	Public    Sort = iota // GET, the same for everyone, cached
	AtDesk                // GET, for a signed-in person; others are led to the sign-in page
	Private               // GET, open to anybody, depends on cookies or shows a code: never stored
	Acting                // POST, by anybody; the desk method decides
	Streaming             // GET, the same for everyone, written as it is read and never kept: exports
)

// Route is one address of the site, without its language.
type Route struct {
	Path    string // "/ediciones/{edition}", pattern of http.ServeMux
	Sort    Sort
	Query   []string // known query parameters, in the order of the cache's key
	MaxBody int64    // Acting: largest body; 0 means 64 KiB
	Mends   bool     // Acting: shows its form again when a text holds what cannot be kept; others get a page that gives the text back
	Do      Handler
}

// Router is where rooms hang up their pages.
type Router struct{ routes []Route }

// Page hangs up a public page. query names the parameters it knows; all others are ignored.
func (r *Router) Page(path string, do Handler, query ...string) {
	r.Add(Route{Path: path, Do: do, Query: query})
}

// Desk hangs up a page for signed-in people.
func (r *Router) Desk(path string, do Handler, query ...string) {
	r.Add(Route{Path: path, Sort: AtDesk, Do: do, Query: query})
}

// Private hangs up a page that depends on the visitor and is never stored.
func (r *Router) Private(path string, do Handler, query ...string) {
	r.Add(Route{Path: path, Sort: Private, Do: do, Query: query})
}

// Stream hangs up a public download that may be long: its [File] writes itself.
func (r *Router) Stream(path string, do Handler, query ...string) {
	r.Add(Route{Path: path, Sort: Streaming, Do: do, Query: query})
}

// Act hangs up the receiver of a form. The same path may have a page.
func (r *Router) Act(path string, do Handler) { r.Add(Route{Path: path, Sort: Acting, Do: do}) }

// Mend hangs up the receiver of a form that shows itself again, with
// [Request.Soiled], when a text holds control characters.
func (r *Router) Mend(path string, do Handler) {
	r.Add(Route{Path: path, Sort: Acting, Do: do, Mends: true})
}

// Upload hangs up the receiver of a form with files, multipart, of at most max bytes in all.
func (r *Router) Upload(path string, max int64, do Handler) {
	r.Add(Route{Path: path, Sort: Acting, Do: do, MaxBody: max})
}

// Add hangs up a route as it is.
func (r *Router) Add(route Route) { r.routes = append(r.routes, route) }

// Routes lists what was hung up, in order.
func (r *Router) Routes() []Route { return r.routes }
