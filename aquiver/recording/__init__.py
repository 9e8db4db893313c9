"""Recordings on disk: EDF+ and BDF+, read and appended."""

from aquiver.recording.reader import Recording, open_recording
from aquiver.recording.tal import Annotation
from aquiver.recording.writer import RecordingWriter

__all__ = ["Annotation", "Recording", "RecordingWriter", "open_recording"]
