// As much of Seeed's LSM6DS3 as the sketch uses: the chip's registers, at 8 g and 2000 deg/s.
#pragma once
#include <cmath>
#include "Arduino.h"

enum status_t { IMU_SUCCESS, IMU_HW_ERROR };
enum { I2C_MODE, LSM6DS3_ACC_GYRO_CTRL3_C = 0x12, LSM6DS3_ACC_GYRO_OUTX_L_G = 0x22 };

struct LSM6DS3 {
  struct {
    uint16_t accelRange, accelSampleRate, accelBandWidth, gyroRange, gyroSampleRate;
  } settings{};
  bool is_latched = false;
  LSM6DS3(uint8_t, uint8_t) {}
  status_t begin() { return settings.accelRange == 8 && settings.gyroRange == 2000 ? IMU_SUCCESS : IMU_HW_ERROR; }
  status_t writeRegister(uint8_t at, uint8_t value) {
    is_latched = at == LSM6DS3_ACC_GYRO_CTRL3_C && value == 0x44;
    return IMU_SUCCESS;
  }
  status_t readRegisterRegion(uint8_t* bytes, uint8_t at, uint8_t length) {
    if (at != LSM6DS3_ACC_GYRO_OUTX_L_G || length != 12 || !is_latched) return IMU_HW_ERROR;
    for (int axis = 0; axis < 3; axis++) {
      put(bytes + 2 * axis, std::lround(fake_gyro_deg_s(axis) / 0.070f));
      put(bytes + 6 + 2 * axis, std::lround(fake_acc_g(axis) / 0.000244f));
    }
    fake_us += 600;
    return IMU_SUCCESS;
  }
  static void put(uint8_t* at, long value) {
    at[0] = value & 0xFF;
    at[1] = value >> 8 & 0xFF;
  }
  float calcGyro(int16_t raw) { return raw * 0.070f; }
  float calcAccel(int16_t raw) { return raw * 0.000244f; }
};
