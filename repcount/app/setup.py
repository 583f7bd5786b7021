"""What the page asks of the service as a whole: which sensors there are, who wears them, and to change that.

Rules: all that comes is anybody's text until the configuration's own parser has seen it; nothing is served
that is not written, and nothing written that cannot be served.
"""

import asyncio
import json
import logging
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict

from repcount.app.scan import told
from repcount.app.settings import Spoken, stations_of
from repcount.app.station import StationOptions
from repcount.app.stations import Stations, open_stations
from repcount.edges.ble import Backend, Found, Scan
from repcount.edges.clock import monotonic_s
from repcount.edges.config import Config, ConfigFile, drop_station, parse_config, put_station
from repcount.edges.config.file import Change
from repcount.edges.config.model import REPLAYS, SCHEMA
from repcount.edges.mqtt.answers import Part, Parts, Result
from repcount.edges.mqtt.requests import RELOAD, REMOVE_STATION, SAVE_STATION, SCAN, STATIONS, Request
from repcount.edges.mqtt.topics import SERVICE
from repcount.edges.profiles import load_profile, profile_names
from repcount.edges.virtual import VIRTUAL
from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import Tempo
from repcount.exercises import EXERCISES

log = logging.getLogger(__name__)

SCAN_S = 8.0
"""Sensors advertise every 0.1 to 2 s, and a scan misses some."""
LONGEST_SCAN_S = 30.0
PROGRESS_S = 0.5
"""Often enough that a sensor that is switched on is seen to appear."""
MOST_FOUND_BYTES = 48 * 1024
"""Of a scan's answer, those with a profile and the strongest first: a browser takes 64 KiB."""
LONGEST_WORD = 20
"""Of an id, which may be 32 long, what is taken from a name."""
PERSON = "person"
_IN_STATION = re.compile(r"^.*station\[\d+\]\.")
NO_FILE = "the command line said which sensor to read, so nothing can be saved here"
START_WITH_ONE = "Start 'repcount live' without --sensor, --exercise and --station, or with --config FILE."


class Setup:
    """Answers for `stations`; `file` is their configuration, None where there is none to change."""

    def __init__(
        self, stations: Stations, file: ConfigFile | None, spoken: Spoken, backend: Backend | None = None
    ) -> None:
        self._stations, self._file, self._spoken, self._backend = stations, file, spoken, backend
        self._turn = asyncio.Lock()

    def answer(self, request: Request) -> Result | Parts | None:
        """Do as asked, or give what was asked for; InputError when it cannot be done."""
        answers: dict[str, Callable[[Request], Result | Parts]] = {
            SCAN: self._scan,
            STATIONS: self._told,
            SAVE_STATION: self._save,
            REMOVE_STATION: self._remove,
            RELOAD: self._reload,
        }
        return answers[request.cmd](request)

    # ---- what there is ----

    def _told(self, request: Request) -> Result:
        _check_fields(request, ())
        return {
            "editable": self._file is not None,
            "why_not": None if self._file else f"{NO_FILE}. {START_WITH_ONE}",
            "file": self._file.path.name if self._file else None,
            "stations": [self._station(options) for options in self._options()],
            "exercises": [
                {"id": one.id, "title": one.title, "wear": one.wear, "placements": list(one.placements)}
                for one in EXERCISES.values()
            ],
        }

    def _options(self) -> Sequence[StationOptions]:
        if self._file is None or not self._file.exists:
            return [station.options for station in self._stations.served.values()]
        return stations_of(self._file, self._file.config, Spoken())

    def _station(self, options: StationOptions) -> Result:
        served = self._stations.served.get(options.station)
        links = {feed.key: feed.link for feed in served.feeds} if served else {}
        return {
            "id": options.station,
            "name": options.name,
            "wearer": options.wearer,
            "exercise": options.exercise,
            "rest_target_s": options.rest_target_s,
            "tempo": {exercise: tempo_text(tempo) for exercise, tempo in options.tempo.items()},
            "sensor": [
                {
                    "name": sensor.name,
                    "placement": sensor.placement,
                    "side": sensor.side,
                    "params": dict(sensor.chosen),
                    "connected": sensor.placement in links and links[sensor.placement].connected,
                }
                for sensor in options.sensors
            ],
        }

    # ---- which sensors are in reach ----

    def _scan(self, request: Request) -> Parts:
        _check_fields(request, ("seconds",))
        seconds = request.fields.get("seconds", SCAN_S)
        if (
            isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not 1 <= seconds <= LONGEST_SCAN_S
        ):
            mend = f"Send a number from 1 to {LONGEST_SCAN_S:g}."
            raise InputError([Problem("cmd/scan", f"seconds = {seconds!r} is not how long to listen", mend)])
        return self._listen(float(seconds))

    async def _listen(self, seconds: float) -> Parts:
        """Tell what is heard so far every now and then, and at the end once more."""
        scan = Scan([load_profile(name) for name in profile_names()])
        begun_s = monotonic_s()
        listening = asyncio.create_task(scan.listen(seconds, self._backend))
        try:
            while not listening.done():
                await asyncio.wait([listening], timeout=PROGRESS_S)
                if not listening.done():
                    yield Part(
                        self._found(scan.found) | {"heard_s": monotonic_s() - begun_s, "of_s": seconds}
                    )
            await listening
        finally:
            listening.cancel()
        yield Part(self._found(scan.found) | {"heard_s": seconds, "of_s": seconds}, done=True)

    def _found(self, heard: Sequence[Found]) -> dict[str, object]:
        """What was heard, and what is connected and so does not advertise."""
        worn = {
            sensor.name.lower(): options.station
            for options in self._options()
            for sensor in options.sensors
            if sensor.name is not None
        }
        connected = self._connected()
        names = [one.name for one in [*heard, *connected]]
        there = {one.address: one for one in [*heard, *connected]}  # a link just made was heard before
        useful = [one for one in there.values() if one.profile or one.name]
        useful.sort(key=lambda one: (one.profile is None, -(one.rssi_dbm or -200)))
        linked = {one.address for one in connected}
        found = [
            told(one)
            | {
                "title": one.profile.title if one.profile else None,
                "use": one.name if one.name and names.count(one.name) == 1 else one.address,
                "worn_by": worn.get((one.name or "").lower()) or worn.get(one.address.lower()),
                "connected": one.address in linked,
            }
            for one in useful
        ]
        while len(json.dumps(found)) > MOST_FOUND_BYTES:
            found.pop()
        return {"found": found, "others": len(there) - len(found)}

    def _connected(self) -> list[Found]:
        feeds = [feed for station in self._stations.served.values() for feed in station.feeds]
        return [
            Found(
                name=feed.link.name,
                address=feed.link.address,
                rssi_dbm=feed.link.rssi_dbm,
                candidates=(feed.profile,) if feed.profile else (),
                why="it is connected",
                why_not="",
                battery_percent=feed.link.battery_percent,
            )
            for feed in feeds
            if feed.link.connected and feed.link.address is not None
        ]

    # ---- who wears them ----

    def _save(self, request: Request) -> Parts:
        _check_fields(request, ("station",))
        given = request.fields.get("station")
        if not isinstance(given, Mapping):
            raise InputError([Problem("cmd/save_station", "needs 'station', as the configuration has it")])
        station, options = _without_nulls(given), self._options()
        if "id" not in station and isinstance(station.get("name"), str):
            station["id"] = _new_id(str(station["name"]), {one.station for one in options})
        _check_station(station, {sensor.name for one in options for sensor in one.sensors})
        written = dict.fromkeys(str(key) for key in given) | station
        before = next((one.wearer for one in options if one.station == station["id"]), station["id"])
        if written.get("wearer") == before:
            del written["wearer"]  # it need not be written where it is the id anyway
        return self._change(lambda document: put_station(document, written), str(station["id"]))

    def _remove(self, request: Request) -> Parts:
        _check_fields(request, ("id",))
        station, known = request.fields.get("id"), [one.station for one in self._options()]
        if station not in known:
            mend = did_you_mean(str(station), known) if known else ""
            raise InputError([Problem("cmd/remove_station", f"there is no station {station!r}", mend)])
        return self._change(lambda document: drop_station(document, str(station)), None)

    def _reload(self, request: Request) -> Parts:
        _check_fields(request, ())
        return self._change(None, None)

    async def _change(self, change: Change | None, station: str | None) -> Parts:
        """Write it and serve what is written; without `change` serve what somebody else wrote."""
        if self._file is None:
            raise InputError([Problem("", NO_FILE, START_WITH_ONE)])
        async with self._turn:
            try:
                if change is None:
                    self._file.reload(self._check)
                else:
                    self._file.change(change, self._check)
            except InputError as error:
                raise _relative(error) from None
            log.info("%s was %s", self._file.path, "read again" if change is None else "changed on the page")
            await self._stations.apply(stations_of(self._file, self._file.config, self._spoken))
        yield Part({"id": station}, done=True)

    def _check(self, config: Config) -> None:
        """Whether what is to be written could be served, too."""
        if self._file is not None:
            open_stations(stations_of(self._file, config, self._spoken), self._backend)


def tempo_text(tempo: Tempo) -> float | str | None:
    """A tempo as the configuration has it: seconds of lowering alone, or `3-1-1-0`."""
    times_s = list(asdict(tempo).values())
    if times_s[1:] == [None] * len(times_s[1:]):
        return tempo.eccentric_s
    return "-".join(f"{0 if one is None else one:g}" for one in times_s)


def _new_id(name: str, taken: Collection[str]) -> str:
    """An id that says the name as well as that goes, and is not taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_WORD].strip("-") or PERSON
    if word == SERVICE or word.startswith(REPLAYS):
        word = f"{PERSON}-{word}"
    ids = [word, *(f"{word}-{k}" for k in range(2, 1000))]
    return next(one for one in ids if one not in taken)


def _check_station(station: Mapping[str, object], known: Collection[str | None]) -> None:
    """Have it read as a configuration of its own: what is wrong with it is wrong wherever it is put.

    A page chooses sensors of the radio: a recording, which is a folder of this machine, only where it is
    `known` from the file.
    """
    try:
        config = parse_config({"schema": SCHEMA, "station": [station]}, "")
    except InputError as error:
        raise _relative(error) from None
    problems = [
        Problem(f"sensor[{k}].name", "a recording cannot be chosen here", "Write it into the file.")
        for k, sensor in enumerate(config.stations[0].sensors)
        if (sensor.name or "").startswith(VIRTUAL) and sensor.name not in known
    ]
    if problems:
        raise InputError(problems)


def _without_nulls(data: Mapping[str, object]) -> dict[str, object]:
    """What there is of a station; in JSON nothing is null, in TOML it is not there."""
    there = {str(key): value for key, value in data.items() if value is not None}
    sensors = there.get("sensor")
    if isinstance(sensors, list):
        there["sensor"] = [_without_nulls(one) if isinstance(one, dict) else one for one in sensors]
    return there


def _relative(error: InputError) -> InputError:
    """Say what is wrong by its place in the station, as a page knows it."""
    return InputError(
        Problem(_IN_STATION.sub("", problem.place), problem.message, problem.mend)
        for problem in error.problems
    )


def _check_fields(request: Request, known: Sequence[str]) -> None:
    problems = [
        Problem(f"cmd/{request.cmd}", f"unknown key {key!r}", did_you_mean(key, known) if known else "")
        for key in request.fields
        if key not in known
    ]
    if problems:
        raise InputError(problems)
