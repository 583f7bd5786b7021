r"""Back extension hold, prone on a mat, arms out and bent.

                                                   __O
        ______________O__                  _______/
        =================  mat             =================
        start: lying, forehead down        turn: chest off the mat, held 10-30 s

                concentric ->   hold   <- eccentric

The chest turns with the trunk: 15-30 degrees up, still but for breathing, tremor and a sag of a few degrees,
and down again to nearly the same pose. A wrist at the temple or across the chest turns with it; arms held out
turn somewhat more. One hold is one count; its length is what is measured.

Sources: the exercise's own description (smooth lift, hold of 10 to 30 s, release); the angles are derived
from the anatomy of a prone lift, no public recording of one was found. Bounds are wider to both sides; in
daily life a lift of less than 12 degrees is mostly a change of seat (`casale`, chest), one of more than 36
degrees a hand to the mouth (`wisdm_watch`, wrist). A hold of less than 5 s is said, but does not count.
"""

from repcount.events import Phase
from repcount.exercises.model import Bounds, ExerciseModel, Hold

MODEL = ExerciseModel(
    id="back_extension",
    title="Back extension hold",
    first_phase=Phase.CONCENTRIC,
    wear="On the chest, or on a wrist kept at the head or across the chest.",
    good="Lift smoothly, hold still for 10 to 30 s, release slowly.",
    fit=("hyperextension", "static_back_extension"),
    holds={
        "chest": Hold(
            lift_deg=Bounds(low=12, high=45),
            lift_s=Bounds(low=0.35, high=6),
            hold_s=Bounds(low=5.3, high=120),
            target_s=10,
            feels_lying_down=True,
        ),
        "wrist": Hold(
            lift_deg=Bounds(low=12, high=36),
            lift_s=Bounds(low=0.35, high=6),
            hold_s=Bounds(low=5.3, high=120),
            target_s=10,
            feels_lying_down=False,
        ),
    },
)
