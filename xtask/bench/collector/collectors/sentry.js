import { browserTracingIntegration, init } from '@sentry/browser';
import { endpoint } from './endpoint.js';

init({
  dsn: `${endpoint.replace('//', '//public@')}/1`,
  integrations: [browserTracingIntegration()],
  tracesSampleRate: 1,
});
