"""LISTEN: from a wearable to chunks that cannot be lost."""
