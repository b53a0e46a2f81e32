package draw

import (
	"embed"

	"glosa/db"
)

//go:embed schema/*.sql
var schemaFS embed.FS

// Schema is the room's tables.
func Schema() db.Schema { return db.Schema{Room: "draw", FS: schemaFS} }
