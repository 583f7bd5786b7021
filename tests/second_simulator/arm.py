"""How an arm gets from one place to another: it turns about the shoulder and itself, and never flips."""

import numpy as np

from second_simulator.body import HAND, POLE, THUMB, arm, frame, unit


def swing_arm(person, rows, last, first, share):
    """Write into rows (N, CHANNELS) the arm's way from the posture `last` to `first` by `share` (N,)."""
    ends = np.stack([last, first])
    lengths = np.linalg.norm(ends[:, HAND], axis=1)
    whole = frame(unit(ends[:, HAND]), ends[:, POLE])
    turned = between(whole[0], whole[1], share)
    rows[:, HAND] = turned[:, :, 0] * (lengths[0] + (lengths[1] - lengths[0]) * share)[:, None]
    rows[:, POLE] = turned[:, :, 1]
    _, forearm = arm(person, ends)
    # The fist turns as much against the arm as it must, evenly.
    against = whole.swapaxes(1, 2) @ forearm
    rows[:, THUMB] = (turned @ between(against[0], against[1], share))[:, :, 1]


def between(first, last, share):
    """(N, 3, 3) rotations on the shortest way from `first` to `last`."""
    change = first.T @ last
    angle = np.arccos(np.clip((np.trace(change) - 1) / 2, -1, 1))
    axis = np.array([change[2, 1] - change[1, 2], change[0, 2] - change[2, 0], change[1, 0] - change[0, 1]])
    size = np.linalg.norm(axis)
    if angle > 3.1:
        column = (change + np.eye(3))[:, np.argmax(np.diag(change))]
        axis = column / np.linalg.norm(column)
    else:
        axis = axis / size if size > 1e-9 else np.array([1.0, 0, 0])
    angles = angle * share
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    sine, versine = np.sin(angles)[:, None, None], (1 - np.cos(angles))[:, None, None]
    return first @ (np.eye(3) + sine * cross + versine * (cross @ cross))
