"""`repcount live`: the service. Reads sensors, records, counts, publishes, serves the dashboard."""

from repcount.app.folders import data_folder
from repcount.app.output import JsonLines, say
from repcount.app.service import Service, ServiceOptions
from repcount.app.settings import LiveOptions
from repcount.app.setup import Setup
from repcount.app.station import LiveStation, captures_folder
from repcount.app.stations import Stations, open_stations
from repcount.edges.ble import Backend
from repcount.edges.mqtt.url import parse_url, tls_context
from repcount.errors import InputError, Problem


async def live(options: LiveOptions, backend: Backend | None = None) -> int:
    """Run until interrupted; InputError with all that is wrong, LinkError when there can be no link."""
    made = _made(options, backend)
    service_options = ServiceOptions(
        broker_url=options.broker_url,
        ca_file=options.ca_file,
        keep=data_folder(),
        recordings=options.record_to or captures_folder(),
        page_port=options.page_port,
        listen=options.listen,
        public_metrics=options.public_metrics,
    )
    async with Service(service_options) as service:
        stations = Stations(service, [JsonLines(outlive_reader=True)] if options.as_json else [], backend)
        service.on_question = Setup(stations, options.config, options.spoken, backend).answer
        _advise(options)
        try:
            for station in made:
                stations.start(station)
            await stations.wait(for_ever=options.config is not None)
        finally:
            await stations.close()
    return 0


def _made(options: LiveOptions, backend: Backend | None) -> list[LiveStation]:
    problems: list[Problem] = []
    made: list[LiveStation] = []
    try:
        made = open_stations(options.stations, backend)
    except InputError as error:
        problems += error.problems
    try:
        tls_context(parse_url(options.broker_url or "mqtt://localhost"), options.ca_file)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return made


def _advise(options: LiveOptions) -> None:
    if options.config is not None and options.config.exists:
        say(f"set-up     {options.config.path}")
        for station in options.stations:
            sensors = ", ".join(f"{one.name or 'any sensor'} ({one.placement})" for one in station.sensors)
            say(f"station    {station.station}: {sensors}")
    if not options.stations:
        say("stations   none yet: add one on the page, under People")
    elif all(station.exercise is None for station in options.stations):
        say("exercise   none yet: choose it on the page, over MQTT or with --exercise")
