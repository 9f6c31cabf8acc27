/** What the collector loads when the page has time, and what hardly any page needs. */
export { attach } from './details/attach.js';
export { tellUnmeasured } from './details/unmeasured.js';
