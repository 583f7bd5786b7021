#include "Arduino_LSM9DS1.h"
