"""SHOW: from the store and the bus to people."""
