import type { PaletteName } from '../../data/trip';

/** From the sky down to the ground at the viewer's feet. */
export interface Palette {
  sky: readonly [top: string, bottom: string];
  sun: string;
  far: string;
  middle: string;
  near: string;
  water: string;
}

export const palettes: Record<PaletteName, Palette> = {
  dawn: {
    sky: ['#f4b8a0', '#fbe3cf'],
    sun: '#fff4e2',
    far: '#d99a8b',
    middle: '#a96a6b',
    near: '#5d4254',
    water: '#e8b9a6',
  },
  dusk: {
    sky: ['#2b3a67', '#e08e79'],
    sun: '#ffd9a8',
    far: '#6b5b86',
    middle: '#45406d',
    near: '#252a4b',
    water: '#7d6d97',
  },
  meadow: {
    sky: ['#a8d5d8', '#eaf5e4'],
    sun: '#fffbe0',
    far: '#8fbf9f',
    middle: '#5d9a74',
    near: '#356a52',
    water: '#8cc4c6',
  },
  noon: {
    sky: ['#5aa9d6', '#d7eef6'],
    sun: '#fffdf0',
    far: '#7fb7b0',
    middle: '#3f8a86',
    near: '#1f5d66',
    water: '#3d93b8',
  },
  north: {
    sky: ['#7f98b5', '#dfe7ee'],
    sun: '#f7fafc',
    far: '#a3b4c6',
    middle: '#667f99',
    near: '#374f69',
    water: '#8ba5bd',
  },
  sand: {
    sky: ['#f2cf8f', '#fbf0d8'],
    sun: '#fffaf0',
    far: '#dcae72',
    middle: '#bb8550',
    near: '#7d5234',
    water: '#e3c08b',
  },
};
