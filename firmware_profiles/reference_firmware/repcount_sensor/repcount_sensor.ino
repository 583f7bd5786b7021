// A motion sensor for repcount: six numbers 50 times a second in the repcount reference frame, over Bluetooth LE.
// README.md beside this folder says what to buy, wire, install and check.

#include <ArduinoBLE.h>

#include "board.h"
#include "repcount_frame.h"

const char NAME[] = "repcount sensor";         // yours; two sensors need two names
constexpr uint8_t SAMPLES_PER_NOTIFICATION = 5;  // 0.1 s; fewer are quicker, more spare the battery
constexpr uint32_t PERIOD_US = 20000;            // 50 Hz, as the profile says
constexpr uint32_t BATTERY_PERIOD_US = 30000000;

BLEService motionService(repcount::SERVICE_UUID);
BLECharacteristic motion(repcount::DATA_UUID, BLENotify, repcount::MOST_BYTES);
BLEService batteryService("180F");
BLEUnsignedCharCharacteristic battery("2A19", BLERead | BLENotify);

repcount::Frame frame(SAMPLES_PER_NOTIFICATION, PERIOD_US);
repcount::Pace samplePace(PERIOD_US), batteryPace(BATTERY_PERIOD_US);
bool isSubscribed = false;

void stopWith(const char* why) {
  pinMode(LED_BUILTIN, OUTPUT);
  for (bool on = true;; on = !on) {
    digitalWrite(LED_BUILTIN, on ? HIGH : LOW);
    Serial.println(why);
    delay(200);
  }
}

void setup() {
  Serial.begin(115200);
  if (!board_begin()) stopWith("The motion chip does not answer: is board.h set to your board?");
  if (!BLE.begin()) stopWith("Bluetooth does not start.");
  BLE.setLocalName(NAME);
  BLE.setDeviceName(NAME);
  BLE.setAdvertisedService(motionService);
  BLE.setConnectionInterval(12, 24);  // 15 to 30 ms, in 1.25 ms
  motionService.addCharacteristic(motion);
  BLE.addService(motionService);
  if (HAS_BATTERY) {
    batteryService.addCharacteristic(battery);
    BLE.addService(batteryService);
    battery.writeValue(board_battery_percent());
    batteryPace.start(micros() + BATTERY_PERIOD_US);
  }
  BLE.advertise();
}

void sendFrame() {
  const int length = frame.take();
  motion.writeValue(frame.bytes(), length);
}

// Subscribing starts it; unsubscribing, or a link that ends, stops it.
void followSubscription(uint32_t now_us) {
  if (motion.subscribed() && !isSubscribed) {
    frame.clear();
    samplePace.start(now_us);
  }
  isSubscribed = motion.subscribed();
}

void loop() {
  BLE.poll();
  const uint32_t now_us = micros();
  followSubscription(now_us);
  if (isSubscribed && samplePace.due(now_us)) {
    repcount::Reading reading;
    if (frame.breaks(now_us)) sendFrame();
    if (board_read(reading) && frame.add(now_us, reading)) sendFrame();
  }
  if (HAS_BATTERY && batteryPace.due(now_us)) battery.writeValue(board_battery_percent());
  delay(1);  // lets the processor sleep
}
