import { readFileSync } from 'node:fs';

const MODULE = 'type="module"';
/** Runs when the page is parsed, as a module does. */
const CLASSIC = 'defer';

/** What is compared, in the order of each round. `isSdk`: what rhumb wants to cost less than. */
export const variants = [
  { name: 'none' },
  { name: 'rhumb', from: '@rhumb/collector', script: MODULE },
  { name: 'web-vitals', from: 'web-vitals', script: MODULE },
  { name: 'faro', from: '@grafana/faro-web-sdk', script: MODULE, isSdk: true },
  { name: 'sentry', from: '@sentry/browser', script: MODULE, isSdk: true },
  { name: 'datadog', from: '@datadog/browser-rum', script: MODULE, isSdk: true },
  { name: 'boomerang', from: 'boomerangjs', script: CLASSIC, isSdk: true },
  { name: 'elastic', from: '@elastic/apm-rum', script: MODULE, isSdk: true },
].map((variant) => ({ isSdk: false, version: version(variant.from), ...variant }));

function version(from) {
  if (!from) return '';
  return JSON.parse(readFileSync(`${import.meta.dirname}/node_modules/${from}/package.json`)).version;
}
