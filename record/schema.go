package record

import (
	"embed"

	"glosa/db"
)

//go:embed schema
var schemaFiles embed.FS

// Schema is what the record keeps in the database.
func Schema() db.Schema { return db.Schema{Room: "record", FS: schemaFiles} }
