"""The revisions of the schema, the oldest first."""
