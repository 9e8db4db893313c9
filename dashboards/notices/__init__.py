"""Notices and faults on their way to a person: what is due, where, and what was answered."""
