"""Exports: everything that is kept of one wearer, handed over in open formats.

Each format is a file here. All of them speak of one wearer: nights of different wearers never share a file.
"""

from aquiver.export.choice import Choice, bounds_of, chosen, records_of

__all__ = ["Choice", "bounds_of", "chosen", "records_of"]
