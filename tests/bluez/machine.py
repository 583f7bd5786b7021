"""An emulated computer with a real Linux Bluetooth stack, whose adapter is a controller in this process.

Kernel, bluetoothd, D-Bus and bleak run in the machine; HCI packets cross by a serial line, so that everything
on the radio happens here and can be made to fail here.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

from bumble import hci
from bumble.transport import open_transport
from virtual_radio import Chip

CHECKOUT = Path(__file__).parents[2]
BOOT_S = 300.0
"""Emulated, on a busy computer; alone it takes ten."""
ADAPTER_ADDRESS = "00:1B:DC:00:00:01"


class Job:
    """A command in the machine."""

    def __init__(self, files):
        self._files = files

    def _file(self, ending):
        return self._files.with_name(self._files.name + ending)

    @property
    def out(self):
        return _text(self._file(".out"))

    @property
    def err(self):
        return _text(self._file(".err"))

    @property
    def said(self):
        """What it printed: whole lines of JSON."""
        whole, _, _begun = self.out.rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    @property
    def ended(self):
        """Its exit code, or None."""
        told = _text(self._file(".rc"))
        return int(told) if told else None

    async def until(self, held, limit_s=60.0):
        """Wait until `held()`; that it ends first, or that it takes too long, is raised with what it said."""
        try:
            async with asyncio.timeout(limit_s):
                while not held():
                    if self.ended is not None and not held():
                        raise AssertionError(f"it ended with {self.ended}\n{self}")
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"it did not come to that in {limit_s:.0f} s\n{self}") from None

    async def end(self, limit_s=60.0):
        """Wait until it has ended, and return its exit code."""
        await self.until(lambda: self.ended is not None, limit_s)
        return self.ended

    async def stop(self):
        """End it as Ctrl-C does."""
        self._file(".stop").touch()
        return await self.end()

    def __str__(self):
        return f"--- out\n{self.out[-3000:]}\n--- err\n{self.err[-3000:]}"


class Machine:
    """A booted machine; `share` is a folder that it sees as /share."""

    def __init__(self, share, air):
        self.share, self.air = share, air
        self._jobs = 0

    def start(self, command):
        """Start a shell command, which is one program."""
        self._jobs += 1
        files = self.share / f"job-{self._jobs}"
        made = files.with_name(files.name + ".new")
        made.write_text(f"exec {command}\n")
        made.rename(files.with_name(files.name + ".sh"))
        return Job(files)

    async def run(self, command, limit_s=60.0):
        """Run a command to its end; it must succeed. Return what it printed."""
        job = self.start(command)
        assert await job.end(limit_s) == 0, str(job)
        return job.out

    @property
    def about(self):
        return _text(self.share / "ready").strip()


@asynccontextmanager
async def booted(image, folder, air):
    """Boot a machine from `image`, its adapter in `air`; `folder` holds its sockets and what it shares."""
    share = folder / "share"
    share.mkdir()
    with _emulator(image, folder, share) as emulator:
        try:
            await _until((folder / "hci.sock").exists, emulator, folder, 20.0)
            async with await open_transport(f"unix-client:{folder / 'hci.sock'}") as line:
                adapter = Chip("adapter", line.source, line.sink, link=air, public_address=ADAPTER_ADDRESS)
                # Bumble announces both and does neither for a host that is not its own.
                adapter.le_features &= ~(
                    hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
                )
                await _until((share / "ready").exists, emulator, folder, BOOT_S)
                yield Machine(share, air)
                (share / "off").touch()
                await _until(lambda: emulator.poll() is not None, None, folder, 30.0)
        finally:
            if emulator.poll() is None:
                os.killpg(emulator.pid, signal.SIGKILL)


def _emulator(image, folder, share):
    """A processor of software: what offers itself as KVM may be none, and then nothing boots.

    One, not two: where the computer is busy, two wait for each other most of the time.
    """

    def lent(name, path, *, tag, how=""):
        return [
            "-fsdev", f"local,id={name},path={path},security_model=none{how}",
            "-device", f"virtio-9p-pci,fsdev={name},mount_tag={tag}",
        ]  # fmt: skip

    def line(name):
        return ["-chardev", f"socket,id={name},path={folder / name}.sock,server=on,wait=off"]

    command = [
        "setpriv", "--pdeathsig", "KILL", "nice", "-n", "10", "qemu-system-x86_64",
        "-machine", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1536", "-smp", "1",
        "-nodefaults", "-display", "none", "-no-reboot",
        "-kernel", str(image / "vmlinuz"), "-initrd", str(image / "initrd.gz"),
        "-append", "console=ttyS0 quiet panic=-1 mitigations=off",
        "-serial", f"file:{folder / 'console.log'}",
        "-drive", f"file={image / 'root.ext4'},format=raw,if=virtio,snapshot=on",
        "-device", "virtio-rng-pci",
        *lent("checkout", CHECKOUT, tag="checkout", how=",readonly=on"),
        *lent("share", share, tag="share"),
        *line("hci"), "-device", "virtio-serial-pci", "-device", "virtconsole,chardev=hci",
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=sys.stderr, start_new_session=True)


async def _until(held, emulator, folder, limit_s):
    try:
        async with asyncio.timeout(limit_s):
            while not held():
                if emulator is not None and emulator.poll() is not None:
                    raise AssertionError(f"the machine went off\n{_text(folder / 'console.log')[-3000:]}")
                await asyncio.sleep(0.05)
    except TimeoutError:
        console = _text(folder / "console.log")[-3000:]
        raise AssertionError(f"the machine did not come to that in {limit_s:.0f} s\n{console}") from None


def _text(path):
    return path.read_text(errors="replace") if path.exists() else ""
