"""Other people's formats: their recordings in, ours out."""

KINDS = {
    "metabase": "MetaBase (MbientLab): CSV, the gyroscope's beside it with --gyro",
    "polar": "Polar Sensor Logger: TXT or CSV",
    "movesense": "Movesense Showcase and data loggers: JSON or CSV",
    "phyphox": "phyphox, 'Acceleration (with g)': CSV, or its zip",
    "sensor_logger": "Sensor Logger, phone or watch: a CSV, the folder or its zip",
    "witmotion": "WitMotion: CSV or TXT; --stream where several sensors are in it",
    "dot": "Movella (Xsens) DOT: CSV",
    "csv": "any table: units in its column names or by --time-unit, --acc-unit, --gyro-unit",
    "xdf": "Lab Streaming Layer: XDF; --stream where several are in it",
}
"""What can be read, by the name given after `--from`."""

TARGETS = {
    "csv": "samples in g and deg/s, which `replay` reads; or a row a rep with --table reps",
    "parquet": "the same tables, typed, for pandas, polars, DuckDB",
    "fit": "sets with exercise, repetitions, load and rest, as watches have them; tempo as developer fields",
}
"""What can be written, by the name given after `--to`."""
