// As much of Arduino as the sketch uses, on a computer: time passes when it waits, and as it works.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>

static uint64_t fake_us = FAKE_START_US;
enum { LOW, HIGH, OUTPUT, LED_BUILTIN, P0_14, P0_31 };

inline uint32_t micros() { return static_cast<uint32_t>(fake_us += 3); }
inline void delay(unsigned long ms) { fake_us += 1000ull * ms; }
inline void pinMode(int, int) {}
inline void digitalWrite(int, int) {}
inline void analogReadResolution(int) {}
inline int analogRead(int) { return 1656; }  // 3.95 V behind 1 MOhm and 510 kOhm, of 4095 at 3.3 V

struct FakeSerial {
  void begin(unsigned long) {}
  void println(const char* said) {  // the sketch says only why it cannot go on
    std::printf("%s\n", said);
    std::exit(3);
  }
};
static FakeSerial Serial;

// How the fake sensors move: numbers that tell axes and times apart.
inline float fake_acc_g(int axis) { return 0.5f * (axis - 1) + 0.001f * (fake_us / 100000 % 100); }
inline float fake_gyro_deg_s(int axis) { return 100.0f * (axis + 1); }
