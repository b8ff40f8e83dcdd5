"""The argument parsers and output fields of each resource."""
