import { trips } from './trips.js';

document.title = `${trips.length} trips`;
document.querySelector('button').onclick = async () => {
  const { report } = await import('./report.js');
  report(trips);
};
