// Areas that lie in one plane, the one upon the other: the lower one is a little deeper for the depth
// test, by no more than that can tell.
const float LAYERS = 4.0, LAYER_DEPTH = 1.0 / 1048576.0;

vec4 layered(vec4 position, float layer) {
    position.z += (LAYERS - layer) * LAYER_DEPTH * position.w;
    return position;
}
