import * as THREE from 'three';

// What both builds show: N vehicles in rows of bays before a hub, a path of energy from each, an
// orbiting camera that has the whole site in frame.
export const WIDTH = 1280, HEIGHT = 720, PARTICLES = 200;
const BAY_M = 3.3, ROW_M = 13;

// Parts of a vehicle and of its bay, as our scene has them: metres in axes of the bay, origin on the
// ground below the vehicle. Geometries by three.js names and arguments; `turn` is about z.
const part = (geometry, args, at, color, more = {}) => ({ geometry, args, at, color, turn: 0, ...more });
const wheel = (x, z) => part('CylinderGeometry', [0.34, 0.34, 0.24], [x, 0.34, z], '#101216', { turn: Math.PI / 2 });
const cable = new THREE.CatmullRomCurve3([[0, 1.2, 3.3], [0.4, 0.35, 2.9], [0.9, 0.4, 2.2], [0.95, 0.9, 1.6]]
  .map(at => new THREE.Vector3(...at)));
export const PARTS = [
  part('BoxGeometry', [1.9, 0.7, 4.6], [0, 0.75, 0], '#9aa4b2'),
  part('BoxGeometry', [1.6, 0.6, 2.4], [0, 1.4, -0.2], '#1b2330'),
  wheel(-0.9, 1.4), wheel(0.9, 1.4), wheel(-0.9, -1.4), wheel(0.9, -1.4),
  part('BoxGeometry', [2.9, 0.02, 5.4], [0, 0.01, 0], '#39424f'),                         // bay
  part('BoxGeometry', [0.4, 1.6, 0.3], [0, 0.8, 3.5], '#4e596b'),                         // post
  part('BoxGeometry', [0.3, 0.25, 0.04], [0, 1.3, 3.33], '#3aa0ff', { shines: true }),    // its screen
  part('SphereGeometry', [0.1, 12, 8], [0, 1.72, 3.5], '#2ee6a6', { shines: true }),      // its lamp
  part('TubeGeometry', [cable, 16, 0.03, 6], [0, 0, 0], '#10151f'),
  part('BoxGeometry', [1.4, 0.12, 0.04], [0, 2.1, 0], '#2ee6a6', { shines: true })];      // charge bar

// Parts of the hub: core, pillars, a load ring of 20 segments, a ring of the renewable share.
const around = (count, radius, y, make) => Array.from({ length: count }, (_, k) => {
  const angle = 2 * Math.PI * k / count;
  return make([radius * Math.sin(angle), y, radius * Math.cos(angle)]);
});
export const HUB = [
  part('CylinderGeometry', [7, 7.5, 0.8, 48], [0, 0.4, 0], '#3b4454'),
  part('SphereGeometry', [1.6, 24, 16], [0, 8, 0], '#3aa0ff', { shines: true }),
  part('TorusGeometry', [3.4, 0.08, 8, 64], [0, 9.5, 0], '#b7e04b', { shines: true }),
  ...around(6, 4.5, 4, at => part('CylinderGeometry', [0.25, 0.25, 8, 12], at, '#7484a0')),
  ...around(20, 5.2, 6, at => part('BoxGeometry', [1.1, 0.3, 0.3], at, '#3aa0ff', { shines: true }))];
export const GROUND = '#2a3444', SKY = '#1c2748', FLOW = '#3aa0ff';

// Where vehicles stand and where their energy goes: [x, z] of each, the hub's core, the site's radius.
export function site(count) {
  const across = Math.max(Math.ceil(Math.sqrt(count * ROW_M / BAY_M)), 1), rows = Math.ceil(count / across);
  const places = Array.from({ length: count }, (_, k) => [
    (k % across - (across - 1) / 2) * BAY_M, (Math.floor(k / across) - (rows - 1) / 2) * ROW_M]);
  const radius = Math.max(Math.hypot(across * BAY_M, rows * ROW_M) / 2, 20);
  return { places, radius, hub: [0, 8, -radius] };
}

// A particle's place on its vehicle's path at `t` 0..1: an arc from the roof into the hub.
export function onPath(out, at, [x, z], hub, t) {
  const r = 1 - t, a = r * r * r, b = 3 * r * r * t, c = 3 * r * t * t, d = t * t * t;
  out[at] = (a + b) * x + (c + d) * hub[0];
  out[at + 1] = a * 1.7 + b * 7 + c * (hub[1] + 4) + d * hub[1];
  out[at + 2] = (a + b) * z + (c + d) * hub[2];
}

// The camera's place in frame k: it orbits, looking 35 degrees down.
export function look(camera, radius, k) {
  const turn = 0.4 + k * 0.002, away = radius * 1.75;
  camera.position.set(Math.sin(turn) * away * 0.82, away * 0.57, Math.cos(turn) * away * 0.82);
  camera.lookAt(0, 0, 0);
  camera.updateMatrixWorld();
}

// Wall ms of `frames` frames after `warmUp`; reading a pixel waits until each is drawn.
export async function measure(gl, draw, frames, warmUp) {
  const pixel = new Uint8Array(4), times = [], next = new MessageChannel();
  for (let k = 0; k < warmUp + frames; k++) {
    if (k === warmUp) await mark('begin');
    const began = performance.now();
    draw(k);
    gl.readPixels(WIDTH / 2, HEIGHT / 2, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    times.push(performance.now() - began);
    await new Promise(done => { next.port1.onmessage = done; next.port2.postMessage(0); });
  }
  await mark('end');
  return times.slice(warmUp);
}

const mark = name => fetch(`/${name}`, { method: 'POST' });

// Runs a build by the page's address and posts what it found.
export async function run(build) {
  const asked = new URLSearchParams(location.search), number = name => Number(asked.get(name));
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH; canvas.height = HEIGHT;
  try {
    const { gl, draw, info } = await build(canvas, number('vehicles'));
    const frame_ms = await measure(gl, draw, number('frames'), number('warm'));
    const debug = gl.getExtension('WEBGL_debug_renderer_info');
    const picture = asked.has('picture') ? (draw(0), canvas.toDataURL('image/png')) : null;
    const found = { frame_ms, renderer: gl.getParameter(debug.UNMASKED_RENDERER_WEBGL), picture,
                    draw_calls: info.render.calls, triangles: info.render.triangles };
    await fetch('/result', { method: 'POST', body: JSON.stringify(found) });
  } catch (error) {
    await fetch('/result', { method: 'POST', body: JSON.stringify({ error: String(error.stack) }) });
  }
}
