// What differs between boards: how motion and battery are read.
#pragma once

// A Nano does not tell the sketch which of the two motion chips it carries; take the slashes off one line.
// (A XIAO nRF52840 Sense is known by the board chosen in Tools > Board.)
// #define BOARD_NANO_33_BLE       // Nano 33 BLE, Nano 33 BLE Sense: LSM9DS1
// #define BOARD_NANO_33_BLE_REV2  // Nano 33 BLE Rev2, Nano 33 BLE Sense Rev2: BMI270

#include "repcount_frame.h"

#if defined(BOARD_NANO_33_BLE) || defined(BOARD_NANO_33_BLE_REV2)

#ifdef BOARD_NANO_33_BLE
#include <Arduino_LSM9DS1.h>
#else
#include <Arduino_BMI270_BMM150.h>
#endif

constexpr bool HAS_BATTERY = false;
inline int board_battery_percent() { return 0; }

inline bool board_begin() { return IMU.begin(); }

// Both libraries name the axes so that they are left-handed; this makes them right-handed.
inline void to_right_handed(float (&xyz)[3]) {
  const float x = xyz[0];
  xyz[0] = -xyz[1];
  xyz[1] = -x;
}

inline bool board_read(repcount::Reading& reading) {
  float(&acc)[3] = reading.acc_g;
  float(&gyro)[3] = reading.gyro_deg_s;
  if (!IMU.readAcceleration(acc[0], acc[1], acc[2])) return false;
  if (!IMU.readGyroscope(gyro[0], gyro[1], gyro[2])) return false;
  to_right_handed(acc);
  to_right_handed(gyro);
  return true;
}

#elif defined(TARGET_SEEED_XIAO_NRF52840_SENSE) || defined(ARDUINO_SEEED_XIAO_NRF52840_SENSE)

#include <LSM6DS3.h>

constexpr bool HAS_BATTERY = true;

inline LSM6DS3& board_imu() {
  static LSM6DS3 imu(I2C_MODE, 0x6A);
  return imu;
}

inline bool board_begin() {
  // The battery's divider hangs on P0.14. It stays low: while it is high, P0.31 sees more than it stands.
  pinMode(P0_14, OUTPUT);
  digitalWrite(P0_14, LOW);
  analogReadResolution(12);
  LSM6DS3& imu = board_imu();
  imu.settings.accelRange = 8;
  imu.settings.accelSampleRate = 104;
  imu.settings.accelBandWidth = 50;
  imu.settings.gyroRange = 2000;
  imu.settings.gyroSampleRate = 104;
  if (imu.begin() != IMU_SUCCESS) return false;
  // A number never changes between its two bytes (BDU), and registers are read in a row (IF_INC).
  return imu.writeRegister(LSM6DS3_ACC_GYRO_CTRL3_C, 0x44) == IMU_SUCCESS;
}

inline bool board_read(repcount::Reading& reading) {
  uint8_t bytes[12];  // turning rate, then acceleration
  LSM6DS3& imu = board_imu();
  if (imu.readRegisterRegion(bytes, LSM6DS3_ACC_GYRO_OUTX_L_G, sizeof bytes) != IMU_SUCCESS) return false;
  for (int axis = 0; axis < 3; axis++) {
    const uint8_t *gyro = bytes + 2 * axis, *acc = bytes + 6 + 2 * axis;
    reading.gyro_deg_s[axis] = imu.calcGyro(static_cast<int16_t>(gyro[0] | gyro[1] << 8));
    reading.acc_g[axis] = imu.calcAccel(static_cast<int16_t>(acc[0] | acc[1] << 8));
  }
  return true;
}

inline int board_battery_percent() {
  const float volts_per_count = 3.3f / 4095.0f * (1000.0f + 510.0f) / 510.0f;
  return repcount::battery_percent(analogRead(P0_31) * volts_per_count);
}

#else
#error "Which board? Choose 'Seeed XIAO BLE Sense - nRF52840' of the mbed-enabled boards, or say in board.h which Nano."
#endif
