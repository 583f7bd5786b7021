import io
import math
import pickle
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repcount.edges.collection import read_index, read_truth
from repcount.edges.files import read_samples
from repcount.edges.problems import MOST_LISTED
from repcount.errors import InputError

HEADER = "t_s,ax_g,ay_g,az_g"
GYRO = f"{HEADER},gx_dps,gy_dps,gz_dps"
GOOD = [f"{k / 50},{k / 10},0,1" for k in range(5)]
INDEX = "file,dataset,subject,exercise_ours,placement,n_reps_true"


@pytest.fixture
def write(tmp_path):
    def write(lines, name="a.csv", end="\n"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + end, encoding="utf-8")
        return path

    return write


@pytest.fixture
def save(tmp_path):
    def save(**arrays):
        path = tmp_path / "a.npz"
        np.savez(path, **arrays)
        return path

    return save


def problems_of(read, *args):
    with pytest.raises(InputError) as caught:
        read(*args)
    return [str(problem) for problem in caught.value.problems]


def lines_of(read, path):
    """(line, message) of each problem, the path checked."""
    found = [text.partition(": ") for text in problems_of(read, path)]
    assert all(place.startswith(str(path)) for place, _, _ in found)
    return [(place.removeprefix(str(path)).removeprefix(":"), message) for place, _, message in found]


def test_csv_is_read_in_si_units(write):
    samples = read_samples(write([GYRO, "0,1,0,0,180,0,0", "0.02,0,-2,0,0,0,90"]))
    np.testing.assert_allclose(samples.t_s, [0, 0.02])
    np.testing.assert_allclose(samples.acc_m_s2, [[9.80665, 0, 0], [0, -19.6133, 0]])
    np.testing.assert_allclose(samples.gyro_rad_s, [[math.pi, 0, 0], [0, 0, math.pi / 2]])


def test_csv_without_gyroscope_has_none(write):
    assert read_samples(write([HEADER, *GOOD])).gyro_rad_s is None


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_ends_of_lines_and_of_the_file_do_not_matter(write, end):
    assert len(read_samples(write([HEADER, *GOOD], end=end))) == len(GOOD)


def test_a_byte_order_mark_extra_columns_and_their_order_do_not_matter(write):
    path = write(
        [f"\ufeffnote,{','.join(reversed(HEADER.split(',')))}", "warm-up,1,0,0.5,0", "x,1,0,0.5,0.02"]
    )
    samples = read_samples(path)
    np.testing.assert_allclose(samples.t_s, [0, 0.02])
    np.testing.assert_allclose(samples.acc_m_s2[:, 0], 0.5 * 9.80665)


def test_bursty_but_increasing_times_are_taken_as_they_are(write):
    t_s = [0.0, 0.0001, 0.0002, 0.4, 7.0]
    np.testing.assert_array_equal(read_samples(write([HEADER, *(f"{t},0,0,1" for t in t_s)])).t_s, t_s)


def test_a_csv_says_bad_numbers_and_bad_times_in_one_go(write):
    path = write([HEADER, "0,0,0,1", "0.2,0,x,1", "0.1,0,0,1"])
    with pytest.raises(InputError) as refused:
        read_samples(path)
    said = str(refused.value)
    assert f"{path}:3: ay_g is 'x', not a number" in said
    assert f"{path}:4: time 0.1 s goes back from 0.2 s" in said


def test_npz_is_read_in_si_units_and_other_arrays_are_left_alone(save):
    path = save(t=[0, 0.1], acc=[[0, 0, 1], [0, 0, 1]], gyro=np.float32([[0, 0, 180]] * 2), label=["a", "b"])
    samples = read_samples(path)
    np.testing.assert_allclose(samples.acc_m_s2[0], [0, 0, 9.80665])
    np.testing.assert_allclose(samples.gyro_rad_s[0], [0, 0, math.pi])
    assert samples.gyro_rad_s.dtype == samples.acc_m_s2.dtype == np.float64


def test_npz_and_csv_of_the_same_samples_are_the_same(write, save):
    rng = np.random.default_rng(1)
    t, acc, gyro = np.arange(9) / 64, rng.normal(size=(9, 3)), rng.normal(size=(9, 3))
    rows = [",".join(map(repr, map(float, (t[k], *acc[k], *gyro[k])))) for k in range(9)]
    one, other = read_samples(write([GYRO, *rows])), read_samples(save(t=t, acc=acc, gyro=gyro))
    for name in ("t_s", "acc_m_s2", "gyro_rad_s"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_every_kind_of_mistake_in_a_csv_is_said_at_once_with_its_line(write):
    path = write(
        [HEADER, "0,0,0,1", "0.1,oops,0,1", "0.2,,0,1", "0.3,nan,0,-inf", "0.4,0,0,0,1", "", "0.5,0"], end=""
    )
    assert lines_of(read_samples, path) == [
        ("3", "ax_g is 'oops', not a number"),
        ("4", "ax_g is empty, not a number"),
        ("5", "ax_g is nan. Leave out samples that were not measured"),
        ("5", "az_g is -inf. Leave out samples that were not measured"),
        ("6", "has 5 of 4 columns: too many. Write decimals with a point"),
        ("8", "has 2 of 4 columns: the file is cut in mid line. Delete the line"),
    ]


def test_times_that_repeat_or_go_back_are_said_with_their_line(write):
    path = write([HEADER, "0,0,0,1", "0.1,0,0,1", "0.1,0,0,1", "0.05,0,0,1", "0.2,0,0,1"])
    assert lines_of(read_samples, path) == [
        ("4", "time 0.1 s repeats"),
        ("5", "time 0.05 s goes back from 0.1 s"),
    ]


def test_lines_are_counted_with_blank_ones(write):
    path = write([HEADER, "", "0,0,0,1", "", "0,0,0,1"])
    assert lines_of(read_samples, path) == [("5", "time 0.0 s repeats")]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], [("", "is empty")]),
        ([HEADER], [("", "holds no samples")]),
        (["t_s,acc_x,ay_g,az_g", *GOOD], [("1", "column 'ax_g' is missing. Known: acc_x.")]),
        (["t_s,ax,ay_g,az_g", *GOOD], [("1", "column 'ax_g' is missing. Did you mean 'ax'?")]),
        ([f"{HEADER},gx_dps"], [("1", "column 'gy_dps' is missing"), ("1", "column 'gz_dps' is missing")]),
        ([f"{HEADER},ax_g"], [("1", "column 'ax_g' is there 2 times")]),
        (
            [HEADER.replace(",", ";"), "0;0;0;1"],
            [
                ("1", f"column '{c}' is missing. Separate columns by commas and decimals by points")
                for c in HEADER.split(",")
            ],
        ),
        (
            [HEADER, "0,0,0,1", "0,02,0,0,1"],
            [("3", "has 5 of 4 columns: too many. Write decimals with a point")],
        ),
        ([HEADER, '0,0,0,"1'], [("2", "is not CSV (unexpected end of data)")]),
    ],
)
def test_a_csv_that_is_not_one_of_ours_is_refused(write, lines, said):
    assert lines_of(read_samples, write(lines, end="\n" if lines else "")) == said


def test_of_one_mistake_on_every_line_the_first_are_listed_and_the_rest_counted(write):
    found = problems_of(read_samples, write([HEADER, *(f"{k},x,0,y" for k in range(30))]))
    assert len(found) == MOST_LISTED + 1
    assert found[-1].endswith(f"and {60 - MOST_LISTED} more: not a number")


def test_a_csv_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER.encode("utf-16"))
    assert problems_of(read_samples, path) == [
        f"{path}: is not UTF-8 text (byte 0). Save it as CSV in UTF-8."
    ]


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"t": [0, 1], "Acc": [[0, 0, 1]] * 2}, ["array 'acc' is missing. Did you mean 'Acc'?"]),
        ({"t": [0, 1], "acc": [[0, 1]] * 2}, ["array 'acc' has shape (2, 2), not (2, 3)"]),
        ({"t": [[0, 1]], "acc": [[0, 0, 1]] * 2}, ["array 't' has shape (1, 2), not (2,)"]),
        (
            {"t": [0, 1], "acc": [[0, 0, 1]] * 2, "gyro": [[0, 0, 1]]},
            ["array 'gyro' has shape (1, 3), not (2, 3)"],
        ),
        ({"t": ["a", "b"], "acc": [[0, 0, 1]] * 2}, ["array 't' holds <U1, not numbers"]),
        ({"t": 3.0, "acc": [[0, 0, 1]]}, ["array 't' has shape (), not (1,)"]),
        ({"t": [], "acc": np.empty((0, 3))}, ["holds no samples"]),
        (
            {"t": [0, 2, 1, 1], "acc": [[0, 0, 1]] * 4},
            ["time 1.0 s at t[2] goes back from 2.0 s", "time 1.0 s at t[3] repeats"],
        ),
        (
            {"t": [0, math.nan], "acc": [[0, 0, 1], [0, 0, math.inf]]},
            [
                "t[1] is nan. Leave out samples that were not measured",
                "acc[1] is [ 0.  0. inf]. Leave out samples that were not measured",
            ],
        ),
    ],
)
def test_an_npz_that_is_not_one_of_ours_is_refused_with_all_its_problems(save, arrays, said):
    path = save(**arrays)
    assert problems_of(read_samples, path) == [f"{path}: {message}" for message in said]


class _Trap:
    def __reduce__(self):
        return (pytest.fail, ("pickled content was run",))


def test_pickled_content_is_never_run(save, tmp_path):
    (found,) = problems_of(read_samples, save(t=np.array([_Trap()], dtype=object), acc=[[0, 0, 1]]))
    assert "is no .npz of plain arrays" in found
    raw = tmp_path / "raw.npz"
    raw.write_bytes(pickle.dumps(_Trap()))
    (found,) = problems_of(read_samples, raw)
    assert "is no .npz of plain arrays" in found


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_npz_never_raises_anything_else(tmp_path_factory, data):
    whole = io.BytesIO()
    np.savez_compressed(whole, t=np.arange(20) / 10, acc=np.ones((20, 3)))
    content = bytearray(whole.getvalue()[: data.draw(st.integers(0, len(whole.getvalue())))])
    for at in data.draw(st.lists(st.integers(0, max(len(content) - 1, 0)), max_size=4)):
        if content:
            content[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a.npz"
    path.write_bytes(content)
    with suppress(InputError):
        assert len(read_samples(path)) == 20


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='0123456789.,-+eEnaif"\n\r\0x _;', max_size=60))
def test_random_text_under_a_good_header_never_raises_anything_else(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("random") / "a.csv"
    path.write_text(f"{HEADER}\n{text}", encoding="utf-8", newline="")
    with suppress(InputError):
        samples = read_samples(path)
        assert (np.diff(samples.t_s) > 0).all()
        assert np.isfinite(samples.acc_m_s2).all()


def test_a_missing_file_names_its_sibling(write):
    path = write([HEADER, *GOOD], "pullup_01.csv")
    wrong = path.with_name("pulup_01.csv")
    assert problems_of(read_samples, wrong) == [f"{wrong}: is missing. Did you mean 'pullup_01.csv'?"]


def test_a_missing_folder_a_folder_and_a_wrong_ending_are_said(tmp_path):
    nowhere, folder = tmp_path / "no" / "a.csv", tmp_path / "b.csv"
    folder.mkdir()
    assert problems_of(read_samples, nowhere) == [
        f"{nowhere}: is missing. There is no folder {tmp_path / 'no'}"
    ]
    assert problems_of(read_samples, folder) == [f"{folder}: is a folder, not a file"]
    assert problems_of(read_samples, tmp_path / "bcsv") == [
        f"{tmp_path / 'bcsv'}: is missing. Did you mean 'b.csv'?"
    ]
    wrong = tmp_path / "a.npy"
    assert problems_of(read_samples, wrong) == [
        f"{wrong}: is not a .npz or .csv recording. Did you mean '.npz'?"
    ]


def test_an_index_is_read_with_empty_cells_and_the_word_null_kept(write):
    path = write(
        [
            f"{INDEX},has_gyro,duration_s,notes,sha1",
            "a.npz,gym,ann,pull_up,left wrist (Watch),10,1,12.5,fine,abc",
            'b.npz,life,,null,chest,0,0,,"walks, sits",',
            "c.npz,bars,bo,deadlift,barbell clip,,,,,",
        ],
        "index.csv",
    )
    a, b, c = read_index(path)
    assert (a.placement, a.n_reps_true, a.has_gyro, a.duration_s) == ("wrist", 10, True, 12.5)
    assert (b.exercise_ours, b.n_reps_true, b.subject, b.notes) == ("null", 0, "", "walks, sits")
    assert (c.placement, c.run_placement, c.n_reps_true, c.has_gyro) == ("barbell", "wrist", None, None)
    assert [row.line for row in (a, b, c)] == [2, 3, 4]


def test_everything_wrong_with_an_index_is_said_at_once_with_its_line(write):
    path = write(
        [
            INDEX,
            "a.npz,gym,ann,pullup,wrist,10",
            ",gym,ann,pull_up,wirst,ten",
            "a.npz,gym,ann,null,wrist,3",
            "b.npz,gym,ann,pull_up,wrist,2.5",
            "c.npz,gym,ann,pull_up",
        ],
        "index.csv",
    )
    assert lines_of(read_index, path) == [("6", "has 4 of 6 columns")]
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))
    assert sorted(lines_of(read_index, path)) == [
        ("2", "exercise_ours is 'pullup'. Did you mean 'pull_up'?"),
        ("3", "file is empty"),
        ("3", "n_reps_true is 'ten', not a number"),
        ("3", "placement is 'wirst', no place we know. Did you mean 'wrist'?"),
        ("4", "a.npz is on line 2 already"),
        ("4", "n_reps_true is 3 where exercise_ours is null. It has no reps"),
        ("5", "n_reps_true is '2.5', not a whole number from 0 up"),
    ]


def test_an_index_without_rows_or_columns_is_refused(write):
    assert lines_of(read_index, write([INDEX], "index.csv")) == [("", "names no recording")]
    assert lines_of(read_index, write([INDEX.replace("placement", "place")], "index.csv")) == [
        ("1", "column 'placement' is missing. Did you mean 'place'?")
    ]


def test_every_file_of_an_index_that_is_missing_is_said_at_once_with_its_line(write):
    write(GOOD, "squat_1.csv")
    path = write(
        [f"{INDEX},labels", "squat_2.csv,g,a,null,wrist,,squat_1.labels", "far/b.csv,g,a,null,wrist,,"],
        "index.csv",
    )
    folder = path.parent
    assert lines_of(lambda p: read_truth(read_index(p), p), path) == [
        ("2", "squat_2.csv is missing. Did you mean 'squat_1.csv'?"),
        ("2", "squat_1.labels is missing. Did you mean 'squat_1.csv'?"),
        ("3", f"far/b.csv is missing. There is no folder {folder / 'far'}"),
    ]


def test_labels_are_read_from_beside_the_index_and_their_mistakes_are_said(write):
    write(GOOD, "a.csv")
    head = "kind,start_s,turn_s,end_s,eccentric_s,pause_lengthened_s,concentric_s,pause_shortened_s"
    labels = write([head, "rep,1,2,4,2,,1,0"], "a_labels.csv")
    path = write([f"{INDEX},labels", "a.csv,g,a,pull_up,wrist,1,a_labels.csv"], "index.csv")
    (label,) = read_truth(read_index(path), path)["a.csv"]
    assert (label.turn_s, label.eccentric_s, label.pause_lengthened_s) == (2.0, 2.0, None)
    labels.write_text(f"{head}\nrep,1,two,4,2,,1,0\n")
    (found,) = problems_of(read_truth, read_index(path), path)
    assert found.startswith(f"{labels}:2: turn_s")


@pytest.mark.shared
def test_every_real_recording_can_be_read(shared_data):
    index = shared_data / "index.csv"
    rows = read_index(index)
    assert read_truth(rows, index) == {}
    for row in rows[::20]:
        samples = read_samples(shared_data / row.file)
        assert samples.t_s[-1] == pytest.approx(row.duration_s, abs=1.0)
        assert (samples.gyro_rad_s is not None) == row.has_gyro
