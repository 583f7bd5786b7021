"""What is known of the recordings in `recordings/`, for tests."""

MISCOUNTED = {
    "wrist_deadlift_touch_and_go_01": "letting go of the bar and standing up counts as a ninth rep",
    "wrist_demo_session_01": "taking hold of the bar counts as a first rep of the second set",
}
"""Recordings the detector counts wrong as it is; a mark that is no longer needed fails and goes."""
