// three.js at its best practice: an InstancedMesh a part, all particles one Points whose motion is the
// vertex shader's.
import * as THREE from 'three';
import * as fleet from './fleet.js';

const MOVE = `
  attribute vec3 start;
  attribute float phase;
  uniform vec3 hub;
  uniform float time, high;
  void main() {
    float t = fract(phase + time * 0.15), r = 1.0 - t;
    vec3 at = r * r * r * start + 3.0 * r * r * t * vec3(start.x, 7.0, start.z)
      + 3.0 * r * t * t * (hub + vec3(0.0, 4.0, 0.0)) + t * t * t * hub;
    vec4 seen = modelViewMatrix * vec4(at, 1.0);
    gl_PointSize = 0.25 * high / -seen.z;
    gl_Position = projectionMatrix * seen;
  }`;
const SHINE = 'uniform vec3 color; void main() { gl_FragColor = vec4(color, 0.6); }';

fleet.run(async (canvas, count) => {
  const { places, radius, hub } = fleet.site(count);
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: false, preserveDrawingBuffer: true });
  renderer.setSize(fleet.WIDTH, fleet.HEIGHT, false);
  const scene = new THREE.Scene();
  scene.background = new THREE.Color(fleet.SKY);
  scene.add(new THREE.AmbientLight('#ffffff', 0.6));
  const key = new THREE.DirectionalLight('#ffffff', 1.6);
  key.position.set(40, 80, 30);
  scene.add(key);
  const ground = new THREE.Mesh(new THREE.PlaneGeometry(radius * 12, radius * 12),
                                new THREE.MeshStandardMaterial({ color: fleet.GROUND }));
  ground.rotation.x = -Math.PI / 2;
  scene.add(ground);

  const spots = list => places.flatMap(([x, z]) => list.map(([dx, dy, dz]) => [x + dx, dy, z + dz]));
  const part = (geometry, color, at) => {
    const mesh = new THREE.InstancedMesh(geometry, new THREE.MeshStandardMaterial({ color }), at.length);
    at.forEach((place, k) => mesh.setMatrixAt(k, new THREE.Matrix4().makeTranslation(...place)));
    scene.add(mesh);
  };
  part(new THREE.BoxGeometry(...fleet.BODY.size), fleet.BODY.color, spots([fleet.BODY.at]));
  part(new THREE.BoxGeometry(...fleet.CABIN.size), fleet.CABIN.color, spots([fleet.CABIN.at]));
  part(new THREE.CylinderGeometry(fleet.WHEEL.radius, fleet.WHEEL.radius, fleet.WHEEL.width)
    .rotateZ(Math.PI / 2), fleet.WHEEL.color, spots(fleet.WHEELS));

  const start = new Float32Array(count * fleet.PARTICLES * 3), phase = new Float32Array(count * fleet.PARTICLES);
  for (let k = 0; k < phase.length; k++) {
    const [x, z] = places[Math.floor(k / fleet.PARTICLES)];
    start.set([x, 1.7, z], k * 3);
    phase[k] = k % fleet.PARTICLES / fleet.PARTICLES;
  }
  const dots = new THREE.BufferGeometry();
  dots.setAttribute('position', new THREE.BufferAttribute(start, 3));
  dots.setAttribute('start', new THREE.BufferAttribute(start, 3));
  dots.setAttribute('phase', new THREE.BufferAttribute(phase, 1));
  const shine = new THREE.ShaderMaterial({
    vertexShader: MOVE, fragmentShader: SHINE, transparent: true, depthWrite: false,
    blending: THREE.AdditiveBlending,
    uniforms: { hub: { value: new THREE.Vector3(...hub) }, time: { value: 0 },
                high: { value: fleet.HEIGHT }, color: { value: new THREE.Color(fleet.FLOW) } } });
  const flows = new THREE.Points(dots, shine);
  flows.frustumCulled = false;
  scene.add(flows);

  const camera = new THREE.PerspectiveCamera(40, fleet.WIDTH / fleet.HEIGHT, 0.5, radius * 20);
  return { gl: renderer.getContext(), info: renderer.info, draw: k => {
    fleet.look(camera, radius, k);
    shine.uniforms.time.value = k / 60;
    renderer.render(scene, camera);
  } };
});
