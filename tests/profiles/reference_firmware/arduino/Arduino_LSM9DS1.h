// As much of Arduino_LSM9DS1 (and Arduino_BMI270_BMM150, which names the axes alike) as the sketch uses.
#pragma once
#include "Arduino.h"

struct FakeImu {
  int begin() { return 1; }
  int readAcceleration(float& x, float& y, float& z) { return read(fake_acc_g, x, y, z); }
  int readGyroscope(float& x, float& y, float& z) { return read(fake_gyro_deg_s, x, y, z); }

 private:
  static int read(float (*value)(int), float& x, float& y, float& z) {
    x = -value(1);
    y = -value(0);
    z = value(2);
    fake_us += 400;
    return 1;
  }
};
static FakeImu IMU;
