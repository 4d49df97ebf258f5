/**
 * Where everything that a test starts is to be found.
 */
export const HOST = '127.0.0.1';
