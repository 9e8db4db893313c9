"""The diary: from a wearer's words to notes, and from notes to sentences."""
