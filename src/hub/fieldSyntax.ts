/** Names of headers and trailers, and methods. */
export const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What no value of a header or trailer has. */
export const badValue = /[^\t\x20-\x7e\x80-\xff]/;
