"""One file per change of the schema, applied in order."""
