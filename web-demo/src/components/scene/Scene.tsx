import { useId } from 'react';
import type { Trip } from '../../data/trip';
import { layers } from './layers';
import { palettes } from './palettes';

/** A drawn landscape; it says nothing that the text beside it does not, so it has no name. */
export function Scene({ scene }: { scene: Trip['scene'] }) {
  const sky = useId();
  const palette = palettes[scene.palette];
  return (
    <svg
      className="scene"
      viewBox="0 0 400 240"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      <linearGradient id={sky} x2="0" y2="1">
        <stop stopColor={palette.sky[0]} />
        <stop offset="1" stopColor={palette.sky[1]} />
      </linearGradient>
      <path fill={`url(#${sky})`} d="M0 0h400v240H0z" />
      <circle fill={palette.sun} cx="304" cy="62" r="24" />
      {layers[scene.kind](palette)}
    </svg>
  );
}
