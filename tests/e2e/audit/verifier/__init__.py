"""A verifier of the audit log in Python's standard library, written from the formats' pages alone."""
