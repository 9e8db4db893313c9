"""Stories: months of nights with known truth, as tallies. No sample is simulated, so a story takes no time."""
