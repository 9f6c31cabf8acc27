/** The functions of web-vitals 6, with attribution, and the names that it has retired. */
import { withMachines } from './vitals/machines.js';
import * as cls from './vitals/cls.js';
import * as fcp from './vitals/fcp.js';
import * as fid from './vitals/fid.js';
import * as inp from './vitals/inp.js';
import * as lcp from './vitals/lcp.js';
import * as ttfb from './vitals/ttfb.js';

/** Where good ends and where poor begins: both bounds belong to the better side. */
export const CLSThresholds = [0.1, 0.25];
export const FCPThresholds = [1800, 3000];
export const FIDThresholds = [100, 300];
export const INPThresholds = [200, 500];
export const LCPThresholds = [2500, 4000];
export const TTFBThresholds = [800, 1800];

export const onCLS = callable(cls.onCLS);
export const onFCP = callable(fcp.onFCP);
export const onFID = callable(fid.onFID);
export const onINP = callable(inp.onINP);
export const onLCP = callable(lcp.onLCP);
export const onTTFB = callable(ttfb.onTTFB);

export { onCLS as getCLS, onFCP as getFCP, onFID as getFID, onINP as getINP, onLCP as getLCP, onTTFB as getTTFB };

/** As web-vitals has it: options are optional, and before version 3 they were one flag. */
function callable(measure) {
  return (onReport, options) => {
    const own = options === true ? { reportAllChanges: true } : { ...options };
    withMachines(() => measure(onReport, own));
  };
}
