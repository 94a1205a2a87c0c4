/** The bounds on what callers, servers and other programs can vary, and what happens beyond each. */

/** A window, and the way to a reset. No known limit lasts longer than a month: a later reset is not known. */
export const longestWindowMs = 32 * 86_400_000;
/** Between this machine's clock and a server's. A machine without a battery begins in 1970; more is not believed. */
export const mostClockSkewMs = 100 * 366 * 86_400_000;
/** Interim answers (1xx) to a request. Beyond it the connection is closed, and the gateway's caller gets a 502. */
export const mostInterimAnswers = 16;
/** Bytes of all that comes before an answer's body, such as empty lines. The same beyond it. */
export const mostBytesBeforeAnswer = 256 * 1024;
/** Endpoints whose requests are counted in one poll, of all namespaces. The others have their turn in the next ones. */
export const mostCountedEndpoints = 4;
/** How long an endpoint that costs money has had no request before Headroom suggests to stop it. */
export const idleSuggestedMs = 3 * 3_600_000;
/** Bytes of an endpoint's metrics. Beyond it the number of its requests is not known. */
export const mostMetricsBytes = 1024 * 1024;
/** Characters of the ids of an endpoint's replicas. The rest is cut: a replica behind it is not told apart. */
export const mostReplicaChars = 1_000;
/** Words in a response's status line. Longer ones are left out. */
export const longestReason = 200;

/** Of a token file of HF's tools; a token has some 40 bytes, and `stored_tokens` has a line for each. */
export const mostTokenFileBytes = 64 * 1024;

/** Longer than any token of Hugging Face. A longer credential is refused at the gateway. */
export const maxCredentialChars = 4096;

/** Workspaces whose gateway's key is kept. One that was opened before 50 others gets a new key. */
export const maxGatewayKeys = 50;

/** Bytes of the ledger's file. Beyond it the oldest rows are deleted, and the file shrinks. */
export const mostLedgerBytes = 64 * 1024 * 1024;
/** Bytes of the write-ahead log beside it, to which each checkpoint cuts it back. */
export const mostLogBytes = 4 * 1024 * 1024;

/** Requests that are kept one by one. The oldest go; their sums by hour stay. */
export const mostTallies = 50_000;
/** Models whose dearest request a gateway remembers, to judge those in flight. Beyond it all are forgotten. */
export const mostPricedModels = 200;
/** Models and providers by payer that one hour's sums tell apart; the rest are one sum for each payer. */
export const mostNamesInHour = 100;
/** Payers that one hour's sums tell apart; the rest are one payer. The gateway's user chooses few. */
export const mostPayersInHour = 20;
/** Rows of sums. Beyond it the oldest hours become days, then the oldest days become one sum for each payer. */
export const mostSums = 50_000;
/** Rows of sums by workspace. Beyond it the oldest quarters of an hour become days, then the oldest days go. */
export const mostWorkspaceSums = 50_000;
/** Workspaces of one span that the dashboard tells apart. The rest is one sum. */
export const mostFoldersOfSpan = 50;
/** Kinds of refusals of one span, by cause and server, that the dashboard counts. */
export const mostRefusalKinds = 200;

/** Episodes of refusals. The oldest go. */
export const mostRefusals = 5_000;
/** New episodes in an hour; the rest are counted without the names that callers can vary. */
export const mostRefusalsInHour = 200;
/** The same for those without names; the rest are counted in the newest row of their source. */
export const mostNamelessRefusalsInHour = 50;

/** Readings of all accounts. The accounts that were read longest ago go. */
export const mostParts = 2_000;
/** Samples of the accounts' spend. The oldest go. */
export const mostBalances = 50_000;
/** Changes of who pays. The oldest go. */
export const mostSwitches = 2_000;
/** Notices that were shown. Those set longest ago go. */
export const mostNoticePreferences = 500;
/** Preferences of workspaces and accounts. Those set longest ago go. */
export const mostPreferences = 4_000;
/** Leases. Those that ended first go. */
export const mostLeases = 500;
/** Deletions that wait for a failing disk. The oldest are forgotten. */
export const mostWaitingRemovals = 5_000;

/** Characters of a name: a model, path, provider, payer, workspace, account or key. The rest is cut. */
export const mostNameChars = 200;
/** Characters of a command line, a server's words or a limit's subject in the ledger. Cut. */
export const mostTextChars = 500;
/** Characters of a refusal's headers as JSON. Dropped beyond it. */
export const mostHeadersChars = 2_048;
/** Characters of a preference's key and value. Not stored beyond it. */
export const mostPreferenceChars = 8_192;
/** Characters of a stored reading. Beyond it only its time and problem are stored. */
export const mostPartChars = 2 * 1024 * 1024;

// What answers say of limits, and what is learned from it. Beyond a bound the oldest and least used go: what is
// forgotten opens.

/** A reset is believed so far ahead when no policy tells the window's length. */
export const longestUntoldResetMs = 3_600_000;
/** An answer closes a lane or a window for so long at most. Then one request tries it. */
export const longestHeldMs = 3_600_000;

/** Windows in one answer. The most that a known provider reports is 11. */
export const mostWindowsPerAnswer = 16;
/** Windows of one limit, in memory and in the ledger. */
export const mostWindowsPerLimit = 16;
/** Characters of a bucket's name. Hugging Face's longest is `repo-commits`. */
export const longestBucketName = 64;
/** Characters of a provider's name in `x-inference-provider`. */
export const longestProviderName = 60;

/** Limits in a gateway's memory, beside those with requests. */
export const mostLimits = 2_000;
/** Lanes in a gateway's memory, beside those with requests. */
export const mostLanes = 2_000;
/** Lanes of one limit, beside those with requests. */
export const mostLanesPerLimit = 200;
/** Payers in a gateway's memory. */
export const mostPayers = 200;
/** Programs that take turns in a queue. All others share one turn. */
export const mostProgramsPerQueue = 64;
/** Other gateways of which a limit remembers the last request. */
export const mostPeersPerLimit = 32;
/** Kinds of requests to the Hub whose bucket was reported. */
export const mostHubKinds = 200;
/** Characters of such a kind. */
export const longestHubKind = 64;
/** Switches of the payer that the dashboard shows. */
export const mostShownSwitches = 100;
/** Providers behind the router whose windows are shown. */
export const mostShownProviders = 100;
/** Entries in the list of held requests. */
export const mostHeldEntries = 100;

/** Limits in the ledger, of all gateways. */
export const mostSharedLimits = 1_000;
/** Characters of a limit in the ledger, as JSON. */
export const longestSharedLimit = 32_768;
/** A limit in the ledger may be so much younger than the clock, which may have been set back. */
export const mostAheadMs = 10_000;
/** Windows that are shown, the last reported ones. */
export const mostShownWindows = 200;
/** Closed lanes of a limit in the ledger. */
export const mostSharedLanes = 50;
/** Characters of a name in the ledger: of a limit, a lane, or a gateway. */
export const longestSharedName = 1_024;

/** Of a limit's subject and a server's words in a refusal. The rest is cut. */
export const mostScopeChars = 120;
export const mostMessageChars = 500;
/** Of a text that the redactor left unchanged and knows again. A longer one is read anew each time. */
export const longestRemembered = 500;
/** Of a command line that is read, and of it and a session's name that are kept. The rest is cut. */
export const longestCommandRead = 4096;
export const longestProgram = 200;

// What callers of the gateway can take. "Without the key": anonymous, a wrong key, or a token of the caller's own.

/** Open connections to a gateway; fewer where the system allows few open files. The next ones get a 503. */
export const mostConnections = 8_192;
/** Connections beyond those whose request is read before its 503; fewer where the system allows few open files. */
export const mostTurnedAway = 256;
/** Idle connections without the key. Beyond it the one that is idle for longest is closed, after 250 ms at the least. */
export const mostIdleStrangers = 64;
/** The same without that grace. */
export const mostNewConnections = 1_024;
/** Requests in flight on one connection. Later ones wait, and nothing more is read from it. */
export const mostRequestsPerConnection = 8;
/** Requests that wait so on all connections without the key. Beyond it their connection is closed. */
export const mostPipelinedByStrangers = 32_768;
/** Requests without the key that are upstream at once, anonymous or with a token of their own. Later ones wait. */
export const mostStrangersUpstream = 128;
/** Requests without the key that wait. Beyond it they get a 429. */
export const mostWaitingStrangers = 1_024;
/** Requests without the key that begin each second while requests with the key are there. Later ones wait. */
export const strangersPerSecond = 400;
/** The same at once, after a pause. */
export const strangersAtOnce = 64;
/** Bytes of their bodies that count as one more request. */
export const strangerBytesPerRequest = 64 * 1024;
/** Connections to one upstream origin: one for each request in flight. Later requests wait. */
export const mostUpstreamConnections = 8_192;

/** A request's head is complete within this time, else its connection is closed. */
export const longestHeadMs = 10_000;
/** Bytes of a request's head. Beyond it the answer is a 431. */
export const mostHeadBytes = 8 * 1024;
/** A body that the gateway waits for brings so many bytes within the next two times, else it is cut off. */
export const fewestBodyBytes = 1_024;
/** In ticks of 10 s, for requests with the key. */
export const bodyPatienceTicks = 3;
/** The same for requests without the key. */
export const strangersBodyPatienceTicks = 2;
/** A client that reads nothing of its response for so many ticks of 10 s is cut off: an hour, for a debugger's halt. */
export const readerPatienceTicks = 360;
/** The same for a client without the key. */
export const strangersReaderPatienceTicks = 6;

/** Request bodies in a gateway's memory. Beyond it a request gets a 503. */
export const mostBodyBytes = 128 * 1024 * 1024;
/** Those of requests without the key among them: a share of its own. */
export const mostStrangerBodyBytes = 16 * 1024 * 1024;

/**
 * Bytes of a request body whose model is looked for, to be replaced by a provider's own name: until it is found, and
 * of a compressed one after decompression. Beyond it the request names no model.
 */
export const mostSearchedBodyBytes = 32 * 1024 * 1024;
/** Bytes of a refusal, as sent and after decompression. A longer one is passed on unread. */
export const mostRefusalBytes = 64 * 1024;
/** Bytes of a compressed response that is read for its usage, as sent. The usage of a longer one is unknown. */
export const mostCompressedUsageBytes = 256 * 1024;
/** The same after decompression, of which only the ends are kept. */
export const mostDecodedUsageBytes = 4 * 1024 * 1024;
/** Bodies that are decompressed at once: brotli takes 16 MiB for each. Others wait. */
export const mostDecoders = 4;
/** Bytes of the bodies that wait to be decompressed. Others are not read. */
export const mostWaitingDecoderBytes = 32 * 1024 * 1024;
/** Time to decompress one. Beyond it the body is not read. */
export const longestDecodingMs = 2_000;

/** How long a request waits for a free descriptor (EMFILE) before its caller gets a 503. */
export const longestDescriptorWaitMs = 60_000;

/**
 * How long a request whose caller's patience is not known waits for money that Hugging Face holds. It is then sent, and gets the
 * answer. 80 % of the shortest default of a common client: httpx gives up after 5 s, ky and OkHttp after 10 s.
 */
export const untoldPatienceMs = 4_000;
