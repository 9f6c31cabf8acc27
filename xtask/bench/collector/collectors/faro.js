import { initializeFaro } from '@grafana/faro-web-sdk';
import { endpoint } from './endpoint.js';

initializeFaro({ url: `${endpoint}/collect`, app: { name: 'bench', version: '1.0.0' } });
