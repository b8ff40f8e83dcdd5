"""The framework: resource classes, argument parsers, errors and JSON on Flask."""
