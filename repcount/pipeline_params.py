"""What a pipeline is made of: its sensors, the parameters of its stages, and the stages after the motion."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from repcount.motion.tracker import Motion, MotionParams
from repcount.profile import Profile, Values
from repcount.reps.detector import Delays
from repcount.reps.remembered import Remembered
from repcount.reps.tuning import Tuned, tuned_motion
from repcount.session.session import Session, SessionParams
from repcount.session.station import Station


@dataclass(frozen=True, slots=True)
class SensorConfig:
    """One sensor of a station: its profile, where it is worn, and the values it was started with.

    `profile` is None for one that is fed ready samples, or whose profile is known when it has connected;
    `values` None for those of a profile that nobody chose anything of.
    """

    profile: Profile | None
    placement: str
    values: Values | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineParams:
    """Parameters of a pipeline.

    Parameters
    ----------
    station
        Whose events these are.
    exercise
        What is counted first; None: nothing until `SelectExercise`.
    force
        Count any exercise also with a sensor that cannot see it, as well as that goes.
    remembered
        How this wearer's reps went before, by exercise and placement: see `Pipeline.remembered`.
    tuned
        What was changed of how exercises are counted, by exercise and placement, but of the motion.
    motion, session
        Parameters of the stages.
    lost_s
        A sensor that sends nothing for this long is lost, s.
    wait_s
        Of two sensors the one that is ahead waits for the other up to this, s, so that what is said does not
        depend on whose data came first. Larger: links that stutter more than this are no matter; the count
        stops for longer when a sensor dies. A lost one is not waited for.
    """

    station: str = "station-1"
    exercise: str | None = None
    force: bool = False
    remembered: Mapping[str, Remembered] = field(default_factory=dict)
    tuned: Tuned = field(default_factory=dict)
    motion: MotionParams = field(default_factory=MotionParams)
    session: SessionParams = field(default_factory=SessionParams)
    lost_s: float = 3.0
    wait_s: float = 1.0

    def __post_init__(self) -> None:
        if not self.wait_s >= 0:
            raise ValueError(f"wait_s must be at least 0, got {self.wait_s}")
        if not self.lost_s > 0:
            raise ValueError(f"lost_s must be above 0, got {self.lost_s}")
        recurrence = self.session.detector.recurrence
        if (recurrence.tick_hz, recurrence.cutoff_hz) != (self.motion.tick_hz, self.motion.cutoff_hz):
            raise ValueError(f"motion and recurrence differ in tick_hz or cutoff_hz, got {self}")
        if self.session.holds.detector.tick_hz != self.motion.tick_hz:
            raise ValueError(f"motion and holds differ in tick_hz, got {self}")

    def tuned_as(self, tuned: Tuned) -> "PipelineParams":
        """Return parameters with what was changed of the motion too, of whatever is counted first.

        There is but one motion at a station. ValueError where values do not go together.
        """
        first = {key: values for key, values in tuned.items() if key.partition("/")[0] == self.exercise}
        motion = self.motion
        for values in (first or tuned).values():
            motion = tuned_motion(motion, values)
        return replace(self.with_motion(motion), tuned=tuned)

    def with_motion(self, motion: MotionParams) -> "PipelineParams":
        """Return parameters with this motion in all stages."""
        recurrence = replace(self.session.detector.recurrence, cutoff_hz=motion.cutoff_hz)
        detector = replace(self.session.detector, recurrence=recurrence)
        return replace(self, motion=motion, session=replace(self.session, detector=detector))


def new_station(params: PipelineParams, worn: Mapping[str, str]) -> Station:
    """Return the stages after the motion, with sensors worn there, by key."""
    delays = Delays(*Motion(params.motion).delays_s)
    session = Session(params.station, delays, params.session, params.remembered, params.tuned)
    return Station(session, worn, params.exercise, force=params.force)
