import type { ReactNode } from 'react';
import { useLateHeroPhoto } from '../faults/lateHero';
import './hero.css';

interface Props {
  size: 'full' | 'slim';
  children: ReactNode;
}

/** A photo with words on it. The words are there at once, the photo is late. */
export function Hero({ size, children }: Props) {
  const photo = useLateHeroPhoto();
  return (
    <section className={`hero ${size}`}>
      {photo !== null && <img className="hero-photo" src={photo} alt="" />}
      <div className="hero-text">{children}</div>
    </section>
  );
}
