// Lightning on the path. Drawn by itself: software rasterisers work out every branch of a shader.
#define ARC
#include "ribbon.vert"
