"""What `banglejs_nus` uploads runs in node, with the watch played to it, and is read by the same profile."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from repcount.edges.profiles import load_profile
from repcount.profile import Write
from repcount.samples import STANDARD_GRAVITY_M_S2, Notification, SampleBatch
from repcount.wire import Wire

WATCH = """
const sent = [], listeners = {};
let now_s = 4294967.2;
globalThis.global = globalThis;
globalThis.getTime = () => now_s;
globalThis.E = { CRC32: (bytes) => {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
} };
globalThis.Bluetooth = { write: (bytes) => sent.push(Buffer.from(bytes).toString('hex')) };
const device = {
  setPollInterval: (ms) => { globalThis.poll_ms = ms; }, accelOn: () => {},
  on: (what, then) => { listeners[what] = then; },
};
globalThis[KIND] = device;
eval(SNIPPET);
for (const [x, y, z] of SAMPLES) {
  listeners.accel(KIND === 'Bangle' ? { x, y, z } : { acc: { x: x * 8192, y: y * 8192, z: z * 8192 } });
  now_s += 0.02;
}
console.log(JSON.stringify({ sent, poll_ms: globalThis.poll_ms ?? null }));
"""
SAMPLES_G = [
    [0.0, 0.0, 1.0],
    [-0.5, 0.25, 0.75],
    [4.0, -4.0, 0.0],
    *([0.001 * k, 0.0, 1.0] for k in range(300)),
]


def _run(kind, values):
    profile = load_profile("banglejs_nus")
    upload = next(step for step in profile.start if isinstance(step, Write) and step.chunk_bytes)
    written = upload.payload(values)
    assert b"".join(upload.chunks(values)) == written
    assert max(len(chunk) for chunk in upload.chunks(values)) == 20
    assert written.startswith(b"\x03\x10")
    assert written.count(b"\n") == 1
    assert written.endswith(b"\n")
    said = {"KIND": kind, "SNIPPET": written[2:].decode(), "SAMPLES": SAMPLES_G}
    script = WATCH
    for name, value in said.items():
        script = script.replace(name, json.dumps(value))
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.system
@pytest.mark.skipif(shutil.which("node") is None, reason="needs node, to run what is uploaded")
@pytest.mark.parametrize("kind", ["Bangle", "Puck"])
def test_what_is_uploaded_sends_packets_that_are_read(kind):
    profile = load_profile("banglejs_nus")
    values = profile.chosen_values({"rate_hz": 25}, "")
    told = _run(kind, values)
    assert told["poll_ms"] == (40 if kind == "Bangle" else None)
    wire = Wire(profile, values=values)
    uuid = profile.stream.characteristic
    items = [
        item
        for k, payload in enumerate(told["sent"])
        for item in wire.feed(Notification(uuid, bytes.fromhex(payload), 0.02 * k))
    ]
    batches = [item for item in items if isinstance(item, SampleBatch)]
    assert len(batches) == len(items) == len(SAMPLES_G)
    found = np.concatenate([one.acc_m_s2 for one in batches]) / STANDARD_GRAVITY_M_S2
    np.testing.assert_allclose(found, np.clip(SAMPLES_G, -4.0, 32767 / 8192), atol=0.5 / 8192 + 1e-9)
    t_s = np.concatenate([one.t_s for one in batches])
    np.testing.assert_allclose(np.diff(t_s), 0.02, atol=0.0011)
