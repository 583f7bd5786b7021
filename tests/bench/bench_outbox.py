"""Kill a service that publishes, again and again, and count what of that which it said never arrived.

    python tests/bench/bench_outbox.py --kills 200

Needs mosquitto. Each life lasts up to half a second from its first event on and says one every 3 ms; every
event was said once its commit returned. Exit code 1 when one is lost or out of order.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

from fixtures_mosquitto import Mosquitto, mosquitto_path
from mqtt_kills import kill_often


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        broker = Mosquitto(mosquitto_path(), folder)
        broker.start()
        try:
            trial = asyncio.run(kill_often(broker, Path(folder, "outbox"), chosen.kills, chosen.seed))
        finally:
            broker.kill()
    sys.stdout.write(
        f"{chosen.kills} kills: {len(trial.said)} events said, {len(trial.lost)} lost, "
        f"{trial.out_of_order} out of order, {trial.repeated} heard again under the same id\n"
    )
    return 1 if trial.lost or trial.out_of_order else 0


if __name__ == "__main__":
    sys.exit(main())
