"""The recording folder: writing it as things arrive, reading it back as they arrived."""

from repcount.edges.recording.capture import CAPTURE_NAME, Connected, RecordingWriter, to_microsecond
from repcount.edges.recording.expected import EXPECTED_NAME, read_expected, write_expected
from repcount.edges.recording.folder import SAMPLES_NAME, Item, Recording, read_recording
from repcount.edges.recording.labels import (
    LABELS_NAME,
    label_problems,
    outside_problems,
    read_labels,
    revision,
    write_labels,
)
from repcount.edges.recording.meta import META_NAME, RecordingMeta, SensorMeta, read_meta, write_meta

__all__ = [
    "CAPTURE_NAME",
    "EXPECTED_NAME",
    "LABELS_NAME",
    "META_NAME",
    "SAMPLES_NAME",
    "Connected",
    "Item",
    "Recording",
    "RecordingMeta",
    "RecordingWriter",
    "SensorMeta",
    "label_problems",
    "outside_problems",
    "read_expected",
    "read_labels",
    "read_meta",
    "read_recording",
    "revision",
    "to_microsecond",
    "write_expected",
    "write_labels",
    "write_meta",
]
