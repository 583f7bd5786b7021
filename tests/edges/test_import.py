"""Files in the form of each program, of our own making, become recordings that count alike."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from simulated import a_set

from repcount.cli import main
from repcount.edges.files import read_samples
from repcount.edges.recording import SAMPLES_NAME, read_meta
from repcount.samples import STANDARD_GRAVITY_M_S2
from repcount.simulate import PERFECT

BEGAN = datetime(2026, 11, 24, 17, 30, 0, 250_000, tzinfo=UTC)
EPOCH_MS = round(BEGAN.timestamp() * 1000)


@pytest.fixture(scope="module")
def samples():
    """Five rows of a wrist at 50 Hz."""
    return a_set("bent_over_row", 5, rate_hz=50.0, errors=PERFECT).batch


def rows(samples):
    """Time since the first sample in s, acceleration in g, rate in deg/s."""
    t_s = samples.t_s - samples.t_s[0]
    return zip(t_s, samples.acc_m_s2 / STANDARD_GRAVITY_M_S2, np.degrees(samples.gyro_rad_s), strict=True)


def metabase(samples, folder):
    acc, gyro = folder / "x_Accelerometer_50.000Hz.csv", folder / "x_Gyroscope_50.000Hz.csv"
    for path, unit, which in ((acc, "g", 1), (gyro, "deg/s", 2)):
        lines = [f"epoc (ms),timestamp (-0400),elapsed (s),x-axis ({unit}),y-axis ({unit}),z-axis ({unit})"]
        for row in rows(samples):
            x, y, z = row[which]
            lines.append(
                f"{EPOCH_MS + row[0] * 1000:.0f},2026-11-24T13.30.00,{row[0]:.3f},{x:.5f},{y:.5f},{z:.5f}"
            )
        path.write_text("\n".join(lines) + "\n")
    return [str(acc), "--gyro", str(gyro)]


def metabase_later(samples, folder):
    """The header of later versions, and no gyroscope."""
    args = metabase(samples, folder)
    text = (folder / "x_Accelerometer_50.000Hz.csv").read_text()
    (folder / "a.csv").write_text(text.replace("epoc (ms),timestamp (-0400)", "epoch (ms),time (-04:00)"))
    return [str(folder / "a.csv"), *args[:0]]


def polar(samples, folder):
    lines = ["Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]"]
    for t_s, acc, _ in rows(samples):
        x, y, z = (round(1000 * one) for one in acc)
        when = (
            (BEGAN + timedelta(seconds=float(t_s))).isoformat(timespec="milliseconds").removesuffix("+00:00")
        )
        lines.append(f"{when};{599616465930684049 + round(t_s * 1e9)};{x};{y};{z}")
    (folder / "ACC.txt").write_text("\n".join(lines) + "\n")
    return [str(folder / "ACC.txt"), "--timezone", "UTC"]


def movesense_json(samples, folder):
    """Notifications of four samples, acceleration and rate together."""
    data = []
    every = list(rows(samples))
    for k in range(0, len(every) - 3, 4):
        block = every[k : k + 4]
        data.append(
            {
                "imu6": {
                    "Timestamp": round(block[0][0] * 1000) + 12345,
                    "ArrayAcc": [
                        dict(zip("xyz", (acc * STANDARD_GRAVITY_M_S2).tolist(), strict=True))
                        for _, acc, _ in block
                    ],
                    "ArrayGyro": [dict(zip("xyz", rate.tolist(), strict=True)) for _, _, rate in block],
                }
            }
        )
    (folder / "log.json").write_text(json.dumps({"data": data}))
    return [str(folder / "log.json")]


def movesense_lines(samples, folder):
    """A notification a line, the last cut as a logger that was killed leaves it."""
    args = movesense_json(samples, folder)
    blocks = json.loads((folder / "log.json").read_text())["data"]
    text = "\n".join(json.dumps({"Body": one["imu6"], "Uri": "x/Meas/IMU6/52"}) for one in blocks)
    (folder / "log.json").write_text(text[:-20])
    return args


def movesense_csv(samples, folder):
    lines = ["timestamp,x,y,z"]
    for t_s, acc, _ in rows(samples):
        lines.append(
            f"{12345 + t_s * 1000:.0f}," + ",".join(f"{one * STANDARD_GRAVITY_M_S2:.4f}" for one in acc)
        )
    (folder / "acc.csv").write_text("\n".join(lines))
    return [str(folder / "acc.csv")]


def phyphox_zip(samples, folder):
    """Two tables with semicolons and decimal commas, as on a German phone, and one that does not matter."""
    tables = {}
    for name, what, unit, which, factor in (
        ("Accelerometer.csv", "Acceleration", "m/s^2", 1, STANDARD_GRAVITY_M_S2),
        ("Gyroscope.csv", "Gyroscope", "rad/s", 2, np.pi / 180),
    ):
        lines = ['"Time (s)";' + ";".join(f'"{what} {axis} ({unit})"' for axis in "xyz")]
        for row in rows(samples):
            cells = (row[0], *(row[which] * factor))
            lines.append(";".join(f"{cell:.6E}".replace(".", ",") for cell in cells))
        tables[name] = "\n".join(lines) + "\n"
    tables["meta/device.csv"] = '"property";"value"\n"deviceModel";"phone"\n'
    with zipfile.ZipFile(folder / "phyphox.zip", "w") as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return [str(folder / "phyphox.zip"), "--start", "2026-11-24T17:30:00.250+00:00"]


def watch(samples, folder):
    """An Apple Watch: gravity and the rest in g, both pointing down."""
    columns = [f"{what}{axis}" for what in ("rotationRate", "gravity", "acceleration") for axis in "XYZ"]
    lines = ["time,seconds_elapsed," + ",".join(columns)]
    for t_s, acc, rate in rows(samples):
        gravity = acc / np.linalg.norm(acc)
        cells = (*np.radians(rate), *-gravity, *-(acc - gravity))
        head = f"{EPOCH_MS * 1_000_000 + round(t_s * 1e9)},{t_s:.6f},"
        lines.append(head + ",".join(f"{cell:.6f}" for cell in cells))
    (folder / "WristMotion.csv").write_text("\n".join(lines))
    return [str(folder / "WristMotion.csv")]


def phone_folder(samples, folder):
    """Sensor Logger on a phone: gravity and the rest in two files, axes in the order it writes them."""
    inside = folder / "phone"
    inside.mkdir()
    for name, which in (("Gravity", 0), ("Accelerometer", 1), ("Gyroscope", 2)):
        lines = ["time,seconds_elapsed,z,y,x"]
        for t_s, acc, rate in rows(samples):
            gravity = acc / np.linalg.norm(acc) * STANDARD_GRAVITY_M_S2
            x, y, z = (gravity, acc * STANDARD_GRAVITY_M_S2 - gravity, np.radians(rate))[which]
            lines.append(f"{EPOCH_MS * 1_000_000 + round(t_s * 1e9)},{t_s:.6f},{z:.6f},{y:.6f},{x:.6f}")
        (inside / f"{name}.csv").write_text("\n".join(lines))
    return [str(inside)]


def witmotion(samples, folder, *, name="time\tDeviceName\tChipTime()", tail="\tnull", device="WT(1)"):
    head = f"{name}\tAccX(g)\tAccY(g)\tAccZ(g)\tAsX(°/s)\tAsY(°/s)\tAsZ(°/s)\tTemperature(°C)"
    lines = [head]
    for k, (t_s, acc, rate) in enumerate(rows(samples)):
        when = (BEGAN + timedelta(seconds=float(t_s), hours=1)).replace(tzinfo=None)
        cells = "\t".join(f"{one:.4f}" for one in (*acc, *rate))
        lines.append(f"{when.isoformat(' ', 'milliseconds')}\t{device}{tail}\t{cells}\t25.1\t")
        if k % 100 == 50:
            lines.append(head)  # the program writes it again where recording goes on
    (folder / "wit.txt").write_text("\n".join(lines), encoding="utf-8")
    return [str(folder / "wit.txt"), "--timezone", "Europe/Berlin"]


def dot(samples, folder):
    """The time wraps at 32 bits within the recording; ten lines say which sensor it was."""
    lines = ["sep=,", "DeviceTag:,Xsens DOT 1", "FirmwareVersion:,2.0.0", "OutputRate:,60Hz", ""]
    lines.append(
        "PacketCounter,SampleTimeFine,Quat_W,Quat_X,Quat_Y,Quat_Z,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z"
    )
    start_us = 2**32 - 5_000_000
    for k, (t_s, acc, rate) in enumerate(rows(samples)):
        cells = (*(acc * STANDARD_GRAVITY_M_S2), *rate)
        counter = (start_us + round(t_s * 1e6)) % 2**32
        lines.append(f"{k},{counter},1,0,0,0," + ",".join(f"{cell:.5f}" for cell in cells))
    (folder / "dot.csv").write_text("\n".join(lines))
    return [str(folder / "dot.csv"), "--start", BEGAN.isoformat()]


def plain(samples, folder):
    lines = ["t_ms;acc_x;acc_y;acc_z;gyro_x_rad_s;gyro_y_rad_s;gyro_z_rad_s"]
    for t_s, acc, rate in rows(samples):
        cells = (t_s * 1000, *(acc * STANDARD_GRAVITY_M_S2), *np.radians(rate))
        lines.append(";".join(f"{cell:.6f}" for cell in cells))
    (folder / "any.csv").write_text("\n".join(lines))
    return [str(folder / "any.csv"), "--acc-unit", "m/s2"]


CASES = [
    ("metabase", metabase, True, BEGAN),
    ("metabase", metabase_later, False, BEGAN),
    ("polar", polar, False, BEGAN),
    ("movesense", movesense_json, True, None),
    ("movesense", movesense_lines, True, None),
    ("movesense", movesense_csv, False, None),
    ("phyphox", phyphox_zip, True, BEGAN),
    ("sensor_logger", watch, True, BEGAN),
    ("sensor_logger", phone_folder, True, BEGAN),
    ("witmotion", witmotion, True, BEGAN),
    ("dot", dot, True, BEGAN),
    ("csv", plain, True, None),
]


@pytest.mark.parametrize(
    ("kind", "write", "has_gyro", "when"), CASES, ids=[case[1].__name__ for case in CASES]
)
def test_a_file_of_another_program_becomes_the_same_samples(
    kind, write, has_gyro, when, samples, tmp_path, capsys
):
    args = write(samples, tmp_path)
    folder = tmp_path / "rec"
    assert main(["import", *args, "--from", kind, str(folder), "--exercise", "bent_over_row"]) == 0
    got, meta = read_samples(folder / SAMPLES_NAME), read_meta(folder)
    n = len(got)
    assert len(samples) - 8 <= n <= len(samples)
    assert got.t_s[0] == 0.0
    np.testing.assert_allclose(got.t_s, samples.t_s[:n] - samples.t_s[0], atol=2e-3)
    np.testing.assert_allclose(got.acc_m_s2, samples.acc_m_s2[:n], atol=0.02)
    assert (got.gyro_rad_s is not None) == has_gyro
    if has_gyro:
        np.testing.assert_allclose(got.gyro_rad_s, samples.gyro_rad_s[:n], atol=0.06)
    if when is not None:
        assert abs(meta.when - when) < timedelta(milliseconds=2)
    assert (meta.exercise, list(meta.sensors)) == ("bent_over_row", ["wrist"])
    said = capsys.readouterr().err
    assert "50 Hz" in said
    assert ("no gyroscope" in said) != has_gyro


def test_what_was_imported_counts(samples, tmp_path, capsys):
    assert main(["import", *watch(samples, tmp_path), "--from", "sensor_logger", str(tmp_path / "rec")]) == 0
    assert main(["replay", str(tmp_path / "rec"), "--exercise", "bent_over_row"]) == 0
    assert "set 1 ended: 5 reps" in capsys.readouterr().out


def failing(args, capsys):
    assert main(["import", *args]) == 2
    return capsys.readouterr().err


def test_acceleration_without_gravity_is_refused_with_what_to_record(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(
        '"Time (s)","Linear Acceleration x (m/s^2)","Linear Acceleration y (m/s^2)","Linear Acceleration z '
        '(m/s^2)"\n0,0,0,0\n0.01,0,0,0\n'
    )
    assert "with g" in failing([str(tmp_path / "a.csv"), "--from", "phyphox", str(tmp_path / "r")], capsys)
    (tmp_path / "Accelerometer.csv").write_text("time,seconds_elapsed,z,y,x\n1,0,0,0,0\n2,0.01,0,0,0\n")
    said = failing(
        [str(tmp_path / "Accelerometer.csv"), "--from", "sensor_logger", str(tmp_path / "r")], capsys
    )
    assert "Gravity" in said
    (tmp_path / "d.csv").write_text(
        "PacketCounter,SampleTimeFine,Euler_X,FreeAcc_X,FreeAcc_Y,FreeAcc_Z\n1,1,0,0,0,0\n2,20000,0,0,0,0\n"
    )
    assert "Acc" in failing([str(tmp_path / "d.csv"), "--from", "dot", str(tmp_path / "r")], capsys)
    assert not (tmp_path / "r").exists()


def test_a_unit_that_cannot_be_right_is_said_with_the_one_it_may_be(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(
        "t_s,ax_g,ay_g,az_g\n" + "".join(f"{k / 50},0,0,9.81\n" for k in range(100))
    )
    said = failing([str(tmp_path / "a.csv"), "--from", "csv", str(tmp_path / "r")], capsys)
    assert "--acc-unit m/s2" in said
    assert (
        main(["import", str(tmp_path / "a.csv"), "--from", "csv", str(tmp_path / "r"), "--acc-unit", "m/s2"])
        == 0
    )


def test_a_unit_that_nobody_says_is_asked_for(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("time,x_acc,acc_x,acc_y,acc_z,gx,gy,gz\n0,0,0,0,1,0,0,0\n")
    said = failing([str(tmp_path / "a.csv"), "--from", "csv", str(tmp_path / "r")], capsys)
    assert all(option in said for option in ("--time-unit", "--acc-unit", "--gyro-unit"))


def test_missing_axes_and_bad_cells_are_said_with_their_line(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("t_s,ax_g,ay_g\n0,0,0\n")
    assert "not in the form" in failing(
        [str(tmp_path / "a.csv"), "--from", "csv", str(tmp_path / "r")], capsys
    )
    (tmp_path / "b.csv").write_text("t_s,ax_g,ay_g,az_g\n0,0,0,1\n0.1,0,zero,1\n0.2,0,0\n0.3,0,0,1\n")
    said = failing([str(tmp_path / "b.csv"), "--from", "csv", str(tmp_path / "r")], capsys)
    assert "b.csv:4: has 3 of 4 columns" in said
    (tmp_path / "b.csv").write_text("t_s,ax_g,ay_g,az_g\n0,0,0,1\n0.1,0,zero,1\n0.3,0,0,1\n")
    said = failing([str(tmp_path / "b.csv"), "--from", "csv", str(tmp_path / "r")], capsys)
    assert "b.csv:3: ay_g is 'zero', not a number" in said


def test_a_last_line_that_is_cut_is_left_out_and_said(samples, tmp_path, capsys):
    args = polar(samples, tmp_path)
    path = tmp_path / "ACC.txt"
    path.write_text(path.read_text()[:-9])
    assert main(["import", *args, "--from", "polar", str(tmp_path / "r")]) == 0
    assert "cut in the middle" in capsys.readouterr().err


def test_of_a_file_with_several_sensors_one_is_chosen_by_name(samples, tmp_path, capsys):
    args = witmotion(samples, tmp_path)
    text = (tmp_path / "wit.txt").read_text()
    (tmp_path / "wit.txt").write_text(text + "\n" + text.partition("\n")[2].replace("WT(1)", "WT(2)"))
    assert "WT(1), WT(2)" in failing([*args, "--from", "witmotion", str(tmp_path / "r")], capsys)
    assert main(["import", *args, "--stream", "WT(2)", "--from", "witmotion", str(tmp_path / "r")]) == 0
    assert len(read_samples(tmp_path / "r" / SAMPLES_NAME)) == len(samples)


def test_times_that_repeat_are_spread_and_times_that_go_back_refused(tmp_path, capsys):
    rows_ = "".join(f"{k // 5 / 10},0,0,1\n" for k in range(50))
    (tmp_path / "a.csv").write_text("t_s,ax_g,ay_g,az_g\n" + rows_)
    assert main(["import", str(tmp_path / "a.csv"), "--from", "csv", str(tmp_path / "r")]) == 0
    np.testing.assert_allclose(np.diff(read_samples(tmp_path / "r" / SAMPLES_NAME).t_s), 0.02, atol=1e-9)
    assert "spread evenly" in capsys.readouterr().err
    (tmp_path / "a.csv").write_text("t_s,ax_g,ay_g,az_g\n0,0,0,1\n1,0,0,1\n0.5,0,0,1\n")
    said = failing([str(tmp_path / "a.csv"), "--from", "csv", str(tmp_path / "r2")], capsys)
    assert "goes back" in said


def test_everything_wrong_with_the_command_is_said_at_once_and_nothing_overwritten(tmp_path, capsys):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "meta.toml").write_text("mine")
    args = [str(tmp_path / "a.csv"), "--from", "metabse", str(tmp_path / "r"), "--side", "lft"]
    said = failing([*args, "--timezone", "Europe/Berln", "--exercise", "rows", "--start", "noon"], capsys)
    for part in ("'metabase'", "'left'", "Europe/Berlin", "rows", "noon", "is there already"):
        assert part in said
    assert (tmp_path / "r" / "meta.toml").read_text() == "mine"
    said = failing([str(tmp_path / "none.csv"), "--from", "polar", str(tmp_path / "new")], capsys)
    assert "is missing" in said


def test_a_zip_that_is_none_and_a_log_nested_without_end_are_refused(tmp_path, capsys):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 nothing")
    assert "no zip" in failing([str(tmp_path / "a.zip"), "--from", "phyphox", str(tmp_path / "r")], capsys)
    (tmp_path / "a.json").write_text("[" * 100_000)
    assert "nested" in failing([str(tmp_path / "a.json"), "--from", "movesense", str(tmp_path / "r")], capsys)


def test_gaps_and_a_slow_rate_are_said(tmp_path, capsys):
    times = [k / 10 for k in range(60) if not 20 < k < 30]
    (tmp_path / "a.csv").write_text("t_s,ax_g,ay_g,az_g\n" + "".join(f"{t},0,0,1\n" for t in times))
    assert main(["import", str(tmp_path / "a.csv"), "--from", "csv", str(tmp_path / "r")]) == 0
    said = capsys.readouterr().err
    assert "1 gaps, 1.0 s" in said
    assert "12.5 Hz" in said


def test_a_time_of_day_goes_on_past_midnight(tmp_path):
    lines = ["Time(s)\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)"]
    for k in range(100):
        when = datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC) + timedelta(seconds=k / 50)
        lines.append(f"{when:%H:%M:%S.%f}\t0\t0\t1\t0\t0\t0")
    (tmp_path / "w.txt").write_text("\n".join(lines))
    assert main(["import", str(tmp_path / "w.txt"), "--from", "witmotion", str(tmp_path / "r")]) == 0
    np.testing.assert_allclose(np.diff(read_samples(tmp_path / "r" / SAMPLES_NAME).t_s), 0.02, atol=1e-6)


def chunk(tag, content):
    """A chunk of an XDF file: its length in four bytes, its tag, its content."""
    body = tag.to_bytes(2, "little") + content
    return b"\x04" + len(body).to_bytes(4, "little") + body


def xdf(samples, *, unit="g"):
    """One stream of six channels, written from the description of the format."""
    channels = "".join(
        f"<channel><label>{label}</label><unit>{one}</unit></channel>"
        for label, one in zip(
            ("acc_x", "acc_y", "acc_z", "gyro_x", "gyro_y", "gyro_z"), [unit] * 3 + ["deg/s"] * 3, strict=True
        )
    )
    head = (
        '<?xml version="1.0"?><info><name>IMU</name><type>MoCap</type><channel_count>6</channel_count>'
        "<nominal_srate>50</nominal_srate><channel_format>double64</channel_format>"
        f"<desc><channels>{channels}</channels></desc></info>"
    )
    stream = (1).to_bytes(4, "little")
    content = io.BytesIO()
    n = len(samples)
    content.write(stream + b"\x04" + n.to_bytes(4, "little"))
    for t_s, acc, rate in rows(samples):
        content.write(b"\x08" + np.float64(1000 + t_s).tobytes() + np.concatenate([acc, rate]).tobytes())
    start = b'<?xml version="1.0"?><info><version>1.0</version></info>'
    foot = f"<info><first_timestamp>1000</first_timestamp><sample_count>{n}</sample_count></info>"
    return (
        b"XDF:"
        + chunk(1, start)
        + chunk(2, stream + head.encode())
        + chunk(3, content.getvalue())
        + chunk(6, stream + f'<?xml version="1.0"?>{foot}'.encode())
    )


def test_a_stream_of_an_xdf_file_becomes_the_same_samples(samples, tmp_path, capsys):
    (tmp_path / "a.xdf").write_bytes(xdf(samples))
    assert main(["import", str(tmp_path / "a.xdf"), "--from", "xdf", str(tmp_path / "r")]) == 0
    got = read_samples(tmp_path / "r" / SAMPLES_NAME)
    np.testing.assert_allclose(got.acc_m_s2, samples.acc_m_s2, atol=1e-9)
    np.testing.assert_allclose(got.gyro_rad_s, samples.gyro_rad_s, atol=1e-9)
    np.testing.assert_allclose(got.t_s, samples.t_s - samples.t_s[0], atol=1e-3)
    (tmp_path / "b.xdf").write_bytes(xdf(samples, unit="furlong"))
    said = failing([str(tmp_path / "b.xdf"), "--from", "xdf", str(tmp_path / "r2")], capsys)
    assert "furlong" in said
    assert "--acc-unit" in said
    (tmp_path / "c.xdf").write_bytes(b"nothing")
    assert "no XDF" in failing([str(tmp_path / "c.xdf"), "--from", "xdf", str(tmp_path / "r2")], capsys)
