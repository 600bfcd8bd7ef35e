// React-Three-Fiber as it is commonly written: a component a vehicle, whose particles are a Points of
// its own that `useFrame` moves.
import React, { useMemo, useRef } from 'react';
import { createRoot, extend, useFrame } from '@react-three/fiber';
import * as THREE from 'three';
import * as fleet from './fleet.js';

extend(THREE);

function Flow({ place, hub }) {
  const points = useRef();
  const positions = useMemo(() => new Float32Array(fleet.PARTICLES * 3), []);
  useFrame(({ clock }) => {
    for (let k = 0; k < fleet.PARTICLES; k++)
      fleet.onPath(positions, k * 3, place, hub, (k / fleet.PARTICLES + clock.elapsedTime * 0.15) % 1);
    points.current.geometry.attributes.position.needsUpdate = true;
  });
  return (
    <points ref={points} frustumCulled={false}>
      <bufferGeometry>
        <bufferAttribute attach="attributes-position" args={[positions, 3]} />
      </bufferGeometry>
      <pointsMaterial color={fleet.FLOW} size={0.25} transparent opacity={0.6} depthWrite={false}
                      blending={THREE.AdditiveBlending} />
    </points>
  );
}

function Parts({ list }) {
  return list.map(({ geometry, args, at, color, turn, shines }, k) => (
    <mesh key={k} position={at} rotation={[0, 0, turn]}>
      {React.createElement(geometry[0].toLowerCase() + geometry.slice(1), { args })}
      <meshStandardMaterial color={color} emissive={shines ? color : '#000000'} />
    </mesh>
  ));
}

function Vehicle({ place, hub }) {
  return (
    <>
      <group position={[place[0], 0, place[1]]}><Parts list={fleet.PARTS} /></group>
      <Flow place={place} hub={hub} />
    </>
  );
}

function Site({ places, radius, hub }) {
  return (
    <>
      <color attach="background" args={[fleet.SKY]} />
      <ambientLight intensity={0.6} />
      <directionalLight position={[40, 80, 30]} intensity={1.6} />
      <mesh rotation={[-Math.PI / 2, 0, 0]}>
        <planeGeometry args={[radius * 12, radius * 12]} />
        <meshStandardMaterial color={fleet.GROUND} />
      </mesh>
      <group position={[hub[0], 0, hub[2]]}><Parts list={fleet.HUB} /></group>
      {places.map((place, k) => <Vehicle key={k} place={place} hub={hub} />)}
    </>
  );
}

fleet.run(async (canvas, count) => {
  const site = fleet.site(count);
  const root = createRoot(canvas);
  await root.configure({
    frameloop: 'never', dpr: 1, gl: { antialias: false, preserveDrawingBuffer: true },
    size: { width: fleet.WIDTH, height: fleet.HEIGHT, top: 0, left: 0 },
    camera: { fov: 40, near: 0.5, far: site.radius * 20 } });
  let store;
  await new Promise(done => { store = root.render(<><Site {...site} /><Ready done={done} /></>); });
  const { gl, camera } = store.getState();
  return { gl: gl.getContext(), info: gl.info, draw: k => {
    fleet.look(camera, site.radius, k);
    store.getState().advance(k / 60);
  } };
});

// Tells when everything before it is mounted.
function Ready({ done }) {
  React.useEffect(done, []);
  return null;
}
