"""Aquiver: count muscle twitches overnight, and see whether they persist and spread."""
