// Small shapes are drawn in bundles, as an instance costs more than its few corners: which one of all
// that are drawn a vertex of copy `copy` belongs to. See game/scene/part.py.
uniform int u_bundle;   // copies an instance

int one_of_all(float copy) {
    return gl_InstanceID * u_bundle + int(copy);
}
