/** Where collectors post to: another origin than the page's, as with any vendor. */
export const endpoint = `http://127.0.0.1:${location.port}`;
