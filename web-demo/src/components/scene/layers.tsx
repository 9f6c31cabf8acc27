import type { ReactNode } from 'react';
import type { SceneKind } from '../../data/trip';
import type { Palette } from './palettes';

/** What stands in front of the sky, in a frame of 400 by 240. */
export const layers: Record<SceneKind, (palette: Palette) => ReactNode> = {
  city: ({ far, middle, near }) => (
    <>
      <path fill={far} d="M0 170h30v-28h26v20h22v-46l16-14 16 14v52h34v-30h30v22h26v-50h20v-18h10v18h20v56h34v-34h28v24h30v-40h34v22h24v64H0z" />
      <path fill={middle} d="M0 196h44v-34h36v20h40v-44h30l14-16 14 16v50h46v-28h44v20h36v-48h34v40h30v-22h32v90H0z" />
      <path fill={near} d="M0 240v-32h62l18-20 18 20h70v-14h60v14h54l16-18 16 18h86v32z" />
    </>
  ),
  coast: ({ far, middle, near, water }) => (
    <>
      <path fill={far} d="M190 150c40-34 66-40 104-22s70 6 106-14v50H190z" />
      <path fill={water} d="M0 150h400v90H0z" />
      <path fill={middle} d="M400 132c-58 10-74 44-128 52-40 6-60 24-64 56h192z" />
      <path fill={near} d="M0 214c60-20 100-8 140 26H0z" />
      <path fill={near} d="M92 150l2-34 22 34zm-3 0v-26l-14 26zm-20 3h52l-8 9H78z" />
    </>
  ),
  desert: ({ far, middle, near }) => (
    <>
      <path fill={far} d="M0 160c70-30 110-34 170-12s120 14 230-22v114H0z" />
      <path fill={middle} d="M0 186c90 20 130-36 210-30 70 6 110 40 190 16v68H0z" />
      <path fill={near} d="M0 226c120-46 190-6 250-12 60-4 100-22 150-14v40H0z" />
    </>
  ),
  fjord: ({ far, middle, near, water }) => (
    <>
      <path fill={far} d="M110 160l50-82 34 44 22-28 60 66z" />
      <path fill={middle} d="M0 60l56-20 34 66 34 22 22 46H0z" />
      <path fill={middle} d="M400 42l-60 10-44 70-40 20-16 32h160z" />
      <path fill={water} d="M0 168h400v72H0z" />
      <path fill={near} d="M0 190c60-8 90 6 110 22s10 20 0 28H0zM400 200c-40-4-70 4-86 18s-10 16-4 22h90z" />
    </>
  ),
  forest: ({ far, middle, near }) => (
    <>
      <path fill={far} d="M0 156q40-38 80-20t84-16 84 12 80-14 72 16v106H0z" />
      <path fill={middle} d="M0 240v-54l18-44 18 44 20-58 20 58 16-40 16 40 22-60 22 60 18-44 18 44 20-64 22 64 18-46 18 46 20-56 20 56 16-42 16 42 20-54 20 54 22-53v107z" />
      <path fill={near} d="M0 240v-18l16-38 18 38h10l20-52 20 52h24l16-40 18 40h150l20-46 20 46h18l16-36 18 36h16v18z" />
    </>
  ),
  hills: ({ far, middle, near }) => (
    <>
      <path fill={far} d="M0 164c60-44 110-44 160-12 44-36 92-44 240 2v86H0z" />
      <path fill={middle} d="M0 196c90-46 130-40 196-8 64-36 124-40 204-12v64H0z" />
      <path fill={near} d="M0 222c110-34 200-20 260-4 50-12 100-12 140-4v26H0z" />
    </>
  ),
  islands: ({ far, middle, near, water }) => (
    <>
      <path fill={far} d="M36 152q44-40 70-44t84 44zM250 152q36-26 56-30t74 30z" />
      <path fill={water} d="M0 152h400v88H0z" />
      <path fill={middle} d="M176 188q48-58 82-62t98 62z" />
      <path fill={near} d="M0 216q52-30 92-30t72 24 60 30H0z" />
    </>
  ),
  peaks: ({ far, middle, near, sun }) => (
    <>
      <path fill={far} d="M0 178l62-84 36 40 58-88 62 92 40-44 70 84 72-52v114H0z" />
      <path fill={sun} d="M156 46l-24 36 14-4 10 14 12-12 12 8z" />
      <path fill={middle} d="M0 204l70-60 54 50 74-84 88 88 48-40 66 52v30H0z" />
      <path fill={near} d="M0 226c80-30 150-18 208-6 70-20 130-16 192 0v20H0z" />
    </>
  ),
};
