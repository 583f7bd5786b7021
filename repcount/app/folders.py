"""Where the program keeps what is the user's."""

import os
from pathlib import Path


def data_folder() -> Path:
    """The folder of this user's data (XDG base directory specification); it may not exist yet."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "repcount"


def own_config() -> Path:
    """The configuration that `live` serves when nothing else is said, and that its page writes."""
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "repcount" / "repcount.toml"


def cache_folder() -> Path:
    """The folder of what can be made again (likewise); it may not exist yet."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "repcount"
