// The repcount reference frame, version 1: firmware_profiles/repcount_reference.toml is its specification.
// Plain C++11 that includes nothing of Arduino, so that a computer compiles and tests it as it is.
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>

namespace repcount {

constexpr char SERVICE_UUID[] = "87063dcc-002e-467d-8132-9cc002d5017f";
constexpr char DATA_UUID[] = "820a4fec-de39-40b5-bbaf-f764b4f75610";

constexpr uint8_t FRAME_VERSION = 1;
constexpr uint8_t MOST_SAMPLES = 19;
constexpr float COUNTS_PER_G = 4096.0f;
constexpr float COUNTS_PER_DEG_S = 16.4f;
constexpr size_t HEAD_BYTES = 12, SAMPLE_BYTES = 12, CRC_BYTES = 2;
constexpr size_t MOST_BYTES = HEAD_BYTES + MOST_SAMPLES * SAMPLE_BYTES + CRC_BYTES;

// What the sensor measured at one moment; at rest acc is +1 g on the axis that points up.
struct Reading {
  float acc_g[3];
  float gyro_deg_s[3];
};

// The nearest number of counts; what is out of range is clipped, and what is no number is 0.
inline int16_t counts(float value, float per_unit) {
  const float scaled = value * per_unit;
  if (scaled != scaled) return 0;
  if (scaled >= 32767.0f) return 32767;
  if (scaled <= -32768.0f) return -32768;
  return static_cast<int16_t>(lroundf(scaled));
}

// CRC-16/CCITT-FALSE.
inline uint16_t crc16(const uint8_t* bytes, size_t length) {
  uint16_t crc = 0xFFFF;
  for (size_t i = 0; i < length; i++) {
    crc = static_cast<uint16_t>(crc ^ (bytes[i] << 8));
    for (int bit = 0; bit < 8; bit++) {
      crc = static_cast<uint16_t>(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
  }
  return crc;
}

// Says when a sample is due, by a clock in us that wraps.
class Pace {
 public:
  explicit Pace(uint32_t period_us) : period_us_(period_us) {}

  // From now on; the first is due at once.
  void start(uint32_t now_us) { next_us_ = now_us; }

  // Whether one is due; what was missed is left out, never caught up on.
  bool due(uint32_t now_us) {
    if (is_before(now_us, next_us_)) return false;
    next_us_ += period_us_;
    if (!is_before(now_us, next_us_)) next_us_ = now_us + period_us_;
    return true;
  }

 private:
  static bool is_before(uint32_t a_us, uint32_t b_us) { return static_cast<int32_t>(a_us - b_us) < 0; }

  uint32_t period_us_, next_us_ = 0;
};

// Gathers samples until there are enough for a notification.
class Frame {
 public:
  // How many samples make one, 1 to MOST_SAMPLES, and the time from one to the next that is meant.
  Frame(uint8_t samples, uint32_t period_us)
      : samples_(samples < 1 ? 1 : samples > MOST_SAMPLES ? MOST_SAMPLES : samples), period_us_(period_us) {}

  // Forget what waits; the counter goes on.
  void clear() { count_ = 0; }

  bool is_empty() const { return count_ == 0; }
  bool is_full() const { return count_ == samples_; }

  // Whether a sample taken now would leave a hole after those that wait: they share one period, so send them
  // first, as a shorter notification.
  bool breaks(uint32_t taken_us) const {
    return !is_empty() && taken_us - last_us_ > period_us_ + period_us_ / 2;
  }

  // One more; full ones take none. Returns whether it is full.
  bool add(uint32_t taken_us, const Reading& reading) {
    if (is_full()) return true;
    if (is_empty()) first_us_ = taken_us;
    last_us_ = taken_us;
    uint8_t* at = bytes_ + HEAD_BYTES + count_ * SAMPLE_BYTES;
    for (int axis = 0; axis < 3; axis++) {
      put(at + 2 * axis, static_cast<uint16_t>(counts(reading.acc_g[axis], COUNTS_PER_G)), 2);
      put(at + 6 + 2 * axis, static_cast<uint16_t>(counts(reading.gyro_deg_s[axis], COUNTS_PER_DEG_S)), 2);
    }
    count_++;
    return is_full();
  }

  // Finish it, and begin the next. Returns its length; its bytes are good until the next `add`.
  size_t take() {
    const size_t length = HEAD_BYTES + count_ * SAMPLE_BYTES;
    const uint32_t steps = count_ > 1 ? count_ - 1u : 1u;
    bytes_[0] = FRAME_VERSION;
    bytes_[1] = count_;
    put(bytes_ + 2, counter_++, 2);
    put(bytes_ + 4, first_us_, 4);
    put(bytes_ + 8, count_ > 1 ? (last_us_ - first_us_ + steps / 2) / steps : period_us_, 4);
    put(bytes_ + length, crc16(bytes_, length), CRC_BYTES);
    count_ = 0;
    return length + CRC_BYTES;
  }

  const uint8_t* bytes() const { return bytes_; }

 private:
  static void put(uint8_t* at, uint32_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) at[i] = static_cast<uint8_t>(value >> (8 * i));
  }

  uint8_t bytes_[MOST_BYTES];
  uint8_t samples_, count_ = 0;
  uint16_t counter_ = 0;
  uint32_t period_us_, first_us_ = 0, last_us_ = 0;
};

// Charge of a lithium polymer cell at little load, by its voltage; between the points in straight lines.
inline uint8_t battery_percent(float volts) {
  static const float at_volts[] = {3.30f, 3.60f, 3.70f, 3.80f, 3.90f, 4.00f, 4.15f};
  static const float percent[] = {0.0f, 8.0f, 20.0f, 45.0f, 65.0f, 80.0f, 100.0f};
  if (!(volts > at_volts[0])) return 0;
  for (int i = 1; i < 7; i++) {
    if (volts < at_volts[i]) {
      const float share = (volts - at_volts[i - 1]) / (at_volts[i] - at_volts[i - 1]);
      return static_cast<uint8_t>(lroundf(percent[i - 1] + share * (percent[i] - percent[i - 1])));
    }
  }
  return 100;
}

}  // namespace repcount
