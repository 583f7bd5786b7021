"""Options that several verbs have."""

import argparse
from pathlib import Path

_LAST_PORT = 65535


def port(text: str) -> int:
    """The number of a port; argparse says what is wrong with another."""
    port = int(text)
    if not 0 <= port <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{port} is not from 0 (any free one) to {_LAST_PORT}")
    return port


def add_sensors(verb: argparse.ArgumentParser) -> None:
    """Add which sensors, and how they are set."""
    verb.add_argument(
        "--sensor",
        metavar="[PLACEMENT=]NAME-OR-ADDRESS",
        action="append",
        help="default: the first in reach that a profile knows; virtual:FOLDER plays a recording; twice for "
        "two, as wrist=NAME and chest=NAME",
    )
    verb.add_argument(
        "--set",
        metavar="[PLACEMENT.]NAME=NUMBER",
        action="append",
        help="a parameter of the sensor's profile, such as rate_hz=100",
    )


def add_movement(verb: argparse.ArgumentParser) -> None:
    """Add what is done, and where the sensor is worn."""
    verb.add_argument("--exercise", metavar="E", help="what is done; see 'repcount exercise list'")
    verb.add_argument("--placement", metavar="P", help="where the sensor is worn (default: wrist)")
    verb.add_argument(
        "--force", action="store_true", help="count also where the sensor cannot see the exercise, badly"
    )


def add_params(verb: argparse.ArgumentParser) -> None:
    """Add parameter files."""
    verb.add_argument(
        "--params",
        type=Path,
        metavar="FILE",
        action="append",
        help="a parameter file, as 'repcount tune' writes; again for one of another exercise or placement",
    )


def add_ca(verb: argparse.ArgumentParser) -> None:
    """Add whom to trust of a broker with TLS."""
    verb.add_argument(
        "--mqtt-ca",
        type=Path,
        metavar="FILE",
        help="certificate (PEM) of the authority behind an mqtts:// broker",
    )
