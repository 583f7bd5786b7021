"""One event of every class, and a status, for the tests of the MQTT edge."""

from datetime import UTC, datetime

from repcount.edges.mqtt.payloads import Envelope, Source, WallClock
from repcount.events import (
    CountCorrected,
    FaultReason,
    HoldEnded,
    HoldStarted,
    LiveStatus,
    NotificationRejected,
    Phase,
    Rep,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
    StreamGap,
    StreamLost,
    StreamResumed,
    Style,
    Tempo,
    TempoCue,
)

CLOCK = WallClock(datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC).timestamp())
ENVELOPE = Envelope("20260301T120000Z-ab", Source.LIVE, CLOCK.at(1.5), seq=7)
REP = {
    "start_s": 1.0,
    "turn_s": 2.0,
    "end_s": 4.0,
    "eccentric_s": 2.0,
    "pause_lengthened_s": None,
    "concentric_s": 1.0,
    "pause_shortened_s": 0.5,
    "controlled": True,
    "partial": False,
    "rom_deg": 84.2,
    "rom_m": 0.52,
    "mean_concentric_velocity_m_s": 0.48,
    "depth_deg": None,
    "trunk_sway_deg": None,
    "style": Style.KIPPING,
}


def said(at_s):
    return {"station": "rack-1", "happened_s": at_s, "said_s": at_s}


def started(set_index=1, at_s=3.0, exercise="pull_up"):
    return SetStarted(**said(at_s), set_index=set_index, exercise=exercise, start_s=at_s - 2)


def counted(rep_count, set_index=1, at_s=3.0):
    return RepCounted(**said(at_s), set_index=set_index, rep_index=rep_count, rep_count=rep_count)


def completed(rep_index=1, set_index=1, at_s=4.0, **fields):
    return RepCompleted(**said(at_s), set_index=set_index, rep_index=rep_index, **(REP | fields))


def retracted(rep_index=1, set_index=1, at_s=5.0):
    return RepRetracted(**said(at_s), set_index=set_index, rep_index=rep_index, reason="dismount")


def ended(rep_count, set_index=1, at_s=60.0, **fields):
    reps = tuple(Rep(rep_index=index + 1, **REP) for index in range(rep_count))
    facts = {
        "set_index": set_index,
        "exercise": "pull_up",
        "rep_count": rep_count,
        "start_s": 1.0,
        "end_s": at_s,
        "reps": reps,
        "time_under_tension_s": 3.5 * rep_count,
        "mean_tempo": Tempo(
            eccentric_s=2.0, pause_lengthened_s=None, concentric_s=1.0, pause_shortened_s=0.5
        ),
        "best_rep_index": 1,
        "rom_loss_ratio": 0.1,
        "velocity_loss_ratio": 0.2,
        "load_kg": 20.0,
        "side": "left",
    }
    return SetEnded(**said(at_s), **(facts | fields))


def corrected(rep_count, was, set_index=1, at_s=70.0):
    return CountCorrected(**said(at_s), set_index=set_index, rep_count=rep_count, was=was)


def cue(at_s=3.2):
    return TempoCue(**said(at_s), cue="slow_down", set_index=1, rep_index=1)


EVENTS_BY_LEAF = {
    "rep": [counted(1), completed(), retracted()],
    "set": [started(), ended(2), corrected(3, 2)],
    "hold": [
        HoldStarted(**said(9.0), set_index=1, start_s=8.0, target_s=30.0),
        HoldEnded(
            **said(40.0),
            set_index=1,
            start_s=8.0,
            end_s=39.0,
            hold_s=31.0,
            target_s=30.0,
            sag_deg=3.0,
            sway_deg=None,
        ),
    ],
    "cue": [cue()],
    "link": [
        StreamGap(**said(5.0), sensor="wrist", start_s=4.0, end_s=5.0, lost_notifications=3),
        NotificationRejected(**said(5.0), sensor="wrist", reason=FaultReason.CHECKSUM, rejected=2),
        StreamLost(**said(5.0), sensor="wrist"),
        StreamResumed(**said(5.0), sensor="wrist"),
    ],
}
EVENTS = [(leaf, event) for leaf, events in EVENTS_BY_LEAF.items() for event in events]


def status(now_s=0.0, **fields):
    facts = {
        "exercise": "pull_up",
        "armed": True,
        "phase": Phase.REST,
        "progress_ratio": 0.0,
        "set_index": 0,
        "rep_count": 0,
        "rest_since_s": None,
        "eccentric_target_s": 2.0,
        "heart_rate_bpm": None,
    }
    return LiveStatus(now_s=now_s, **(facts | fields))
