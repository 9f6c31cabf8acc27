import { datadogRum } from '@datadog/browser-rum';
import { endpoint } from './endpoint.js';

datadogRum.init({
  applicationId: '00000000-0000-0000-0000-000000000000',
  clientToken: 'pub00000000000000000000000000000000',
  service: 'bench',
  proxy: `${endpoint}/datadog`,
  sessionSampleRate: 100,
  // Replay is another product: its recorder is not loaded.
  sessionReplaySampleRate: 0,
});
