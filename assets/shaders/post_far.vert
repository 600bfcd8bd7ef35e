// Posts and cabinets from afar, and marks: without signs.
#define FAR
#include "post.vert"
