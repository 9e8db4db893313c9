"""DECIDE: from chunks to records."""
