package job

import (
	"embed"

	"glosa/db"
)

//go:embed schema/*.sql
var schemaFS embed.FS

// Schema is the room's table.
func Schema() db.Schema { return db.Schema{Room: "job", FS: schemaFS} }
