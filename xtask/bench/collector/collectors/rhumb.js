import { start } from '@rhumb/collector';
import { endpoint } from './endpoint.js';

start({ endpoint, site: 'default' });
