"""Every profile as it is started by default, and those that send otherwise with other values."""

from repcount.edges.profiles import load_profile, profile_names

_OTHERWISE = {
    "polar_verity_sense": ({"gyro": 1}, {"rate_hz": 52, "gyro": 1}),
    "movesense_gsp": ({"rate_hz": 13}, {"rate_hz": 208}),
    "metamotion": ({"packed": 0}, {"gyro": 0}),
}
_ANSWERED = {"metamotion": ({"chip": 4.0},)}


def _all():
    for name in profile_names():
        profile = load_profile(name)
        yield name, profile, profile.default_values()
        for chosen in _OTHERWISE.get(name, ()):
            words = "-".join(f"{key}={value}" for key, value in chosen.items())
            yield f"{name}-{words}", profile, profile.chosen_values(chosen, "")
        for answered in _ANSWERED.get(name, ()):
            words = "-".join(f"{key}={value:g}" for key, value in answered.items())
            yield f"{name}-{words}", profile, profile.default_values() | answered


VARIANTS = {key: (profile, values) for key, profile, values in _all()}
