import { init } from '@elastic/apm-rum';
import { endpoint } from './endpoint.js';

init({ serviceName: 'bench', serverUrl: endpoint });
