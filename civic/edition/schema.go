package edition

import (
	"embed"

	"glosa/db"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is what db migrates for this room.
func Schema() db.Schema { return db.Schema{Room: "edition", FS: schemaFiles} }
