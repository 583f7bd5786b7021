// As much of ArduinoBLE as the sketch uses; signatures as in version 1.3.7.
#pragma once
#include "Arduino.h"

enum { BLERead = 0x02, BLENotify = 0x10 };

struct BLECharacteristic {
  bool is_subscribed = false;
  BLECharacteristic(const char*, uint8_t, int, bool = false) {}
  bool subscribed() { return is_subscribed; }
  int writeValue(const uint8_t value[], int length) {
    std::printf("%llu ", static_cast<unsigned long long>(fake_us));
    for (int i = 0; i < length; i++) std::printf("%02x", value[i]);
    std::printf("\n");
    return length;
  }
};

struct BLEUnsignedCharCharacteristic {
  int value = -1;
  BLEUnsignedCharCharacteristic(const char*, uint8_t) {}
  int writeValue(uint8_t told) { return value = told; }
};

struct BLEService {
  const char* uuid;
  explicit BLEService(const char* id) : uuid(id) {}
  void addCharacteristic(BLECharacteristic&) {}
  void addCharacteristic(BLEUnsignedCharCharacteristic&) {}
};

struct BLELocalDevice {
  const char *name = "", *advertised = "";
  int begin() { return 1; }
  void poll() { fake_us += 20; }
  bool setLocalName(const char* told) { return (name = told) != nullptr; }
  void setDeviceName(const char*) {}
  bool setAdvertisedService(const BLEService& service) { return (advertised = service.uuid) != nullptr; }
  void setConnectionInterval(uint16_t, uint16_t) {}
  void addService(BLEService&) {}
  int advertise() { return 1; }
};
static BLELocalDevice BLE;
