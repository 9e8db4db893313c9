"""A simulated wearer: bodies that twitch, move and sleep, with their truth known."""
