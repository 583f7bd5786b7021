// Reads samples, one a line (us, three of acceleration in g, three of turning rate in deg/s), and prints what
// the firmware sends of them, in hex. Arguments: samples in a notification, us from sample to sample.

#include <cstdio>
#include <cstdlib>

#include "repcount_frame.h"

static void print(repcount::Frame& frame) {
  const size_t length = frame.take();
  for (size_t i = 0; i < length; i++) std::printf("%02x", frame.bytes()[i]);
  std::printf("\n");
}

int main(int argc, char** argv) {
  if (argc == 2) {
    std::printf("%d\n", repcount::battery_percent(std::strtof(argv[1], nullptr)));
    return 0;
  }
  repcount::Frame frame(std::atoi(argv[1]), std::strtoul(argv[2], nullptr, 10));
  repcount::Reading one;
  unsigned long taken_us;
  while (std::scanf("%lu %f %f %f %f %f %f", &taken_us, &one.acc_g[0], &one.acc_g[1], &one.acc_g[2],
                    &one.gyro_deg_s[0], &one.gyro_deg_s[1], &one.gyro_deg_s[2]) == 7) {
    if (frame.breaks(static_cast<uint32_t>(taken_us))) print(frame);
    if (frame.add(static_cast<uint32_t>(taken_us), one)) print(frame);
  }
}
