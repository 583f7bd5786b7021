"""Write a collection as `repcount evaluate` reads it: python tests/second_simulator/write.py DIR --sets N."""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from second_simulator.body import a_person, sensors
from second_simulator.performing import habits
from second_simulator.script import LIFTS, Script, add_set, approach, daily, leave
from second_simulator.sensing import a_sensor, sense

CHEST = ("inverted_row", "pull_up", "deadlift", "good_morning", "back_extension")
KINDS = [(name, "wrist") for name in LIFTS] + [(name, "chest") for name in CHEST]
LABEL_COLUMNS = (
    "kind", "start_s", "turn_s", "end_s",
    "eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s",
)  # fmt: skip
SETS_PER_NULL = 10


def recorded(rng, exercise, placement):
    """(times, acc, gyro), labels, sensor and a note of what was done; `exercise` None: daily life."""
    person, sensor = a_person(rng), a_sensor(rng)
    script = Script(person, rng)
    labels, note = [], "daily life"
    if exercise is None:
        daily(script, 180)
    else:
        lift = LIFTS[exercise](person, rng)
        blind = placement == "chest" and exercise in ("pull_up", "inverted_row") and not sensor.has_gyro
        how = habits(rng, lift, longest_eccentric_s=3.0 if blind else 5.0)
        sets = 2 if rng.random() < 0.1 else 1
        for k in range(sets):
            approach(script, lift)
            labels += add_set(script, lift, how)
            leave(script, lift, away=k == sets - 1 or rng.random() < 0.5)
        note = (
            f"{lift.variant}; con {how.concentric_s:.2f} ecc {how.eccentric_s:.2f}"
            f" pauses turn {how.pause_turn_s:.2f} between {how.pause_between_s:.2f}"
            f" slowing {how.slowing:.2f} sets {sets} dropped {lift.dropped}"
        )
    lying = exercise in ("back_extension", "inverted_row")
    rows, knocks = script.finish(tremor_m=rng.uniform(5e-6, 4e-5), sway_rad=np.radians(0.2 if lying else 0.5))
    position, turn = sensors(person, rows)[placement]
    knock = knocks[:, 0 if placement == "wrist" else 1]
    return sense(rng, sensor, position, turn, knock), labels, sensor, note


def write_collection(folder, sets, seed):
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [KINDS[k % len(KINDS)] for k in range(sets)]
    kinds += [(None, ("wrist", "chest")[k % 2]) for k in range(sets // SETS_PER_NULL)]
    with (folder / "index.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        columns = (
            "file dataset subject exercise exercise_ours placement rate_hz n_reps_true has_gyro duration_s"
        )
        rows.writerow([*columns.split(), "labels", "notes"])
        for k, (exercise, placement) in enumerate(kinds):
            rng = np.random.default_rng([seed, k])
            (t, acc, gyro), labels, sensor, note = recorded(rng, exercise, placement)
            name = f"{seed}_{k:03d}_{exercise or 'null'}_{placement}"
            arrays = {"t": t, "acc": acc} | ({} if gyro is None else {"gyro": gyro})
            np.savez_compressed(folder / f"{name}.npz", **arrays)
            write_labels(folder / f"{name}_labels.csv", labels)
            called, rate_hz, duration_s = exercise or "null", sensor.rate_hz, round(float(t[-1]), 3)
            what = (f"{name}.npz", "second", f"{seed}-{k}", called, called, placement)
            rows.writerow(
                [*what, rate_hz, len(labels), int(sensor.has_gyro), duration_s, f"{name}_labels.csv", note]
            )


def write_labels(path, labels):
    with path.open("w", newline="", encoding="ascii") as file:
        rows = csv.DictWriter(file, LABEL_COLUMNS, restval="", lineterminator="\n")
        rows.writeheader()
        for label in labels:
            rows.writerow({key: value for key, value in label.items() if value is not None})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", type=int, default=130)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    write_collection(options.folder, options.sets, options.seed)


if __name__ == "__main__":
    main()
