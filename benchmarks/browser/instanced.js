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

  const turned = turn => new THREE.Quaternion().setFromAxisAngle(new THREE.Vector3(0, 0, 1), turn);
  const one = new THREE.Vector3(1, 1, 1);
  // Parts that are alike but for their place are one mesh.
  const draw = (list, origins) => {
    const alike = Map.groupBy(list, ({ geometry, args, color }) => `${geometry} ${args} ${color}`);
    for (const same of alike.values()) {
      const { geometry, args, color, shines } = same[0];
      const material = new THREE.MeshStandardMaterial({ color, emissive: shines ? color : '#000000' });
      const mesh = new THREE.InstancedMesh(new THREE[geometry](...args), material, origins.length * same.length);
      let k = 0;
      for (const [x, z] of origins)
        for (const { at, turn } of same)
          mesh.setMatrixAt(k++, new THREE.Matrix4().compose(
            new THREE.Vector3(x + at[0], at[1], z + at[2]), turned(turn), one));
      scene.add(mesh);
    }
  };
  draw(fleet.PARTS, places);
  draw(fleet.HUB, [[hub[0], hub[2]]]);

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
