// A station's number.
#define STATION
#include "reading.vert"
