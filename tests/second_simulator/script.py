"""A whole recording: acts one after another, the limb reaching from each to the next."""

import numpy as np

from second_simulator import acts
from second_simulator.arm import swing_arm
from second_simulator.body import HAND, PELVIS, PITCH, PROGRESS, ROLL, YAW, rotation, turned
from second_simulator.hinges import back_extension, deadlift, good_morning
from second_simulator.lifts import bent_over_row, inverted_row, lat_pulldown, pull_up, reverse_fly
from second_simulator.performing import LIMB_RAD_S, perform
from second_simulator.tracking import RATE_HZ, follow, noise, samples

LIFTS = {
    "pull_up": pull_up,
    "inverted_row": inverted_row,
    "bent_over_row": bent_over_row,
    "reverse_fly": reverse_fly,
    "lat_pulldown": lat_pulldown,
    "deadlift": deadlift,
    "good_morning": good_morning,
    "back_extension": back_extension,
}


class Script:
    """Collects acts; each begins where the one before left the lifter, facing as it left them."""

    def __init__(self, person, rng):
        self.person, self.rng = person, rng
        self._rows, self._knocks, self._count = [], [], 0

    def add(self, act, reach_s=None):
        """Append (rows, knocks) after a reach; return the sample number of its beginning."""
        rows, knocks = act[0].copy(), np.zeros((len(act[0]), 2))
        if act[1] is not None:
            knocks += act[1] if act[1].ndim == 2 else act[1][:, None]
        if self._rows:
            last = self._rows[-1][-1]
            turn = rotation(last[YAW], 0.0, 0.0)
            first = rows[0, PELVIS] * (1, 1, 0)
            rows[:, PELVIS] = turned(turn, rows[:, PELVIS] - first) + last[PELVIS] * (1, 1, 0)
            rows[:, YAW] += last[YAW]
            self._reach(last, rows[0], reach_s)
        begin = self._count
        self._append(rows, knocks)
        return begin

    def _reach(self, last, first, reach_s):
        far = np.abs(first[HAND] - last[HAND]).sum() + np.abs(first[PITCH] - last[PITCH])
        far += abs(first[PELVIS.stop - 1] - last[PELVIS.stop - 1])
        reach_s = reach_s or (0.35 + 0.5 * far) * self.rng.uniform(0.8, 1.6)
        # Reaching hands are quickest before half of the way.
        share = (1 - np.cos(np.pi * np.linspace(0, 1, samples(reach_s)) ** 0.85)) / 2
        rows = last + (first - last) * share[:, None]
        swing_arm(self.person, rows, last, first, share)
        self._append(rows, np.zeros((len(rows), 2)))

    def _append(self, rows, knocks):
        self._rows.append(rows)
        self._knocks.append(knocks)
        self._count += len(rows)

    def finish(self, *, tremor_m, sway_rad):
        """Rows and knocks of the whole, with what a living body adds."""
        rows = follow(np.concatenate(self._rows), LIMB_RAD_S)
        count, rng = len(rows), self.rng
        t = np.arange(count) / RATE_HZ
        shake = noise(rng, count, 3, 1.0) * np.sin(2 * np.pi * rng.uniform(7, 11) * t)[:, None]
        moving = 1 + 3 * np.clip(rows[:, PROGRESS], 0, 1)[:, None]
        rows[:, HAND] += tremor_m * shake * moving
        slow = noise(rng, count, 4, 0.3)
        rows[:, [PITCH, ROLL]] += sway_rad * slow[:, :2]
        rows[:, 0:2] += 0.3 * sway_rad * slow[:, 2:]
        breath = np.sin(2 * np.pi * rng.uniform(0.25, 0.5) * t + 2 * slow[:, 0])
        rows[:, PITCH] += np.radians(rng.uniform(0.1, 0.7)) * breath
        return rows, np.concatenate(self._knocks)


def still(lift, seconds, progress=0.0):
    count = samples(seconds)
    return lift.shape(np.full(count, progress), np.zeros(count)), None


def approach(script, lift):
    """From wherever to the lift's beginning."""
    person, rng, name = script.person, script.rng, lift.exercise
    script.add(acts.walk(person, rng, rng.uniform(2, 9)))
    for _ in range(rng.integers(0, 3)):
        script.add(acts.RESTING[rng.integers(len(acts.RESTING))](person, rng))
    script.add(acts.stand(person, rng, rng.uniform(0.3, 4)))
    if name in ("pull_up", "lat_pulldown"):
        reach = (rng.uniform(0.1, 0.3), 0.25, 0.9)
        how = {"reach": reach, "thumb": (0.1, -1, 0), "pole": (-0.4, 1, -0.2)}
        script.add(acts.hand_act(person, rng, rng.uniform(0.3, 3), **how))
    elif name == "inverted_row":
        script.add(acts.sit(person, rng, rng.uniform(0.5, 3)))
    elif name in ("bent_over_row", "reverse_fly"):
        picked = deadlift(person, rng)
        script.add(still(picked, rng.uniform(0.4, 2)))
        script.add(still(picked, rng.uniform(0.3, 3), 1.0))
    elif name == "good_morning":
        script.add(still(lift, rng.uniform(0.5, 3)))
        script.add(
            acts.walk(person, rng, rng.uniform(1.5, 3), turn_rad=0, carried=lambda n: still_rows(lift, n))
        )
    elif name == "back_extension":
        script.add(_kneeling(person, rng))


def still_rows(lift, count):
    return lift.shape(np.zeros(count), np.zeros(count))


def _kneeling(person, rng):
    rows, _ = acts.stand(person, rng, rng.uniform(0.5, 3))
    rows[:, PELVIS] += (0, 0, 0.45 - person.leg_m)
    rows[:, PITCH] += rng.uniform(0, 0.9)
    rows[:, HAND] = np.array([0.5, 0.2 * person.side, -0.75]) * person.arm_m
    return rows, None


def leave(script, lift, *, away):
    """From the lift's end to standing about."""
    person, rng, name = script.person, script.rng, lift.exercise
    if name == "good_morning":
        script.add(
            acts.walk(person, rng, rng.uniform(1.5, 3), turn_rad=0, carried=lambda n: still_rows(lift, n))
        )
    elif name in ("bent_over_row", "reverse_fly"):
        script.add(still(deadlift(person, rng), rng.uniform(0.3, 1.5)))
    elif name == "back_extension":
        script.add(_kneeling(person, rng))
    elif name == "inverted_row":
        script.add(acts.sit(person, rng, rng.uniform(0.5, 6)))
    script.add(acts.stand(person, rng, rng.uniform(0.5, 6)))
    for _ in range(rng.integers(1, 4)):
        script.add(acts.RESTING[rng.integers(len(acts.RESTING))](person, rng))
    if away:
        script.add(acts.walk(person, rng, rng.uniform(3, 12)))
        script.add(acts.stand(person, rng, rng.uniform(1, 10)))


def add_set(script, lift, how):
    """The set itself; labels in s from the recording's beginning."""
    rng = script.rng
    rows, knocks, labels = perform(rng, lift, how, rng.uniform(0.6, 4))
    begin = script.add((rows, knocks))
    times = ("start_s", "turn_s", "end_s")
    return [
        {
            key: value if key == "kind" or value is None else (value + begin * (key in times)) / RATE_HZ
            for key, value in label.items()
        }
        for label in labels
    ]


def daily(script, duration_s):
    person, rng = script.person, script.rng
    while script._count < duration_s * RATE_HZ:
        choice = rng.random()
        if choice < 0.3:
            script.add(acts.walk(person, rng, rng.uniform(4, 25)))
        elif choice < 0.45:
            script.add(acts.stand(person, rng, rng.uniform(2, 15)))
        else:
            script.add(acts.DAILY[rng.integers(len(acts.DAILY))](person, rng))
