import { useEffect, useState } from 'react';
import heroPhoto from '../assets/hero.jpg';

const answerDelayMs = 900;

/**
 * PLANTED FAULT 1, slow hero image: bad largest contentful paint.
 *
 * The largest element of the page is a heavy photo whose address is known only after three answers
 * that wait for one another. The browser cannot fetch what it has not heard of. The cure: name the
 * photo in the HTML (`<img fetchpriority="high">` or a preload) and ask nothing before it.
 */
export function useLateHeroPhoto(): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    askForHeroPhoto().then((photo) => {
      if (!abort.signal.aborted) setAddress(photo);
    }, reportError);
    return () => abort.abort();
  }, []);
  return address;
}

/** Stands in for an API that is slow to answer, and is asked three times in a row. */
async function askForHeroPhoto(): Promise<string> {
  const hemisphere = await slowAnswer('north');
  const season = await slowAnswer(`${hemisphere}/autumn`);
  return slowAnswer(photoOfSeason(season));
}

function photoOfSeason(_season: string): string {
  return heroPhoto;
}

function slowAnswer<T>(answer: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, answerDelayMs, answer));
}
