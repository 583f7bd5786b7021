// Runs the sketch on this computer. Each line of the input is a time in ms until which it runs, and what
// happens then: `subscribe`, `unsubscribe`, `break` (the link ends), `hang MS` (everything stands still), `quit`.
// Printed: what it advertises, then for each notification its time in us and its bytes.

#include <cstdio>
#include <cstring>

#include "Arduino.h"
#include "repcount_sensor.ino"

int main() {
  setup();
  std::printf("advertises %s as %s\n", BLE.advertised, BLE.name);
  unsigned long until_ms, hang_ms = 0;
  char word[16];
  while (std::scanf("%lu %15s", &until_ms, word) == 2) {
    while (fake_us < 1000ull * until_ms) loop();
    if (!std::strcmp(word, "hang") && std::scanf("%lu", &hang_ms) == 1) fake_us += 1000ull * hang_ms;
    if (!std::strcmp(word, "subscribe")) motion.is_subscribed = true;
    if (!std::strcmp(word, "unsubscribe") || !std::strcmp(word, "break")) motion.is_subscribed = false;
  }
  std::printf("battery %d\n", battery.value);
}
