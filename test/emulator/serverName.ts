/** `partners`: the providers' own APIs, each under its id; `cdn`: the storage of the Hub's large files. */
export type ServerName = 'hub' | 'router' | 'endpoints' | 'partners' | 'cdn';
