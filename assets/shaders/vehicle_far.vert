// Bodies from afar: a face has one colour.
#define FACETED
#include "vehicle_mid.vert"
