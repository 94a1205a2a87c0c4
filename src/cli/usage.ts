export const usage = `Usage: headroom status [--json]
       headroom bill [personal | org:NAME | group:ORG/ID | key:PROVIDER] [--json]
       headroom gateway [--port N] [--failover WHO,...]
                        [--pacing pace|observe] [--budget USD] [--json]
       headroom budget [--set USD] [--pause-at USD] [--here] [--json]
       headroom run [--cap USD] -- PROGRAM ...
       headroom refusals [--since 24h] [--json]
       headroom explain [--command TEXT] [--json]

status    shows your account at Hugging Face: credits, rate limits, Inference
          Endpoints and their quota, ZeroGPU, and recent refusals. Exit code 1
          when nothing is known.
bill      shows or sets who pays for requests. A provider's key is read from
          the variable of the provider's own SDK, or HEADROOM_KEY_PROVIDER,
          each time it is needed; it is never stored.
gateway   serves a gateway on 127.0.0.1 that bills requests as set, until
          SIGTERM or Ctrl+C; requests in flight then have 5 s to finish.
budget    shows or sets this month's budget of who pays, and where gateways
          pause: what would be billed is then refused with 402.
run       starts a program with a gateway of its own, and prints what it cost
          at the end. Exit code: the program's.
refusals  lists the requests that were refused because of a limit.
explain   reads what a program printed from standard input, and says which
          limits refused it, and what helps. Exit code 1 when it finds none.

  --json       one JSON object; money in nano-USD, times in UTC, unknown is null
  --port N     the gateway's port; default 0: any free port
  --failover WHO,...
               who pays, in this order, while credits are used up or a spending
               limit is reached, such as org:acme,key:groq; default: none
  --pacing pace|observe
               pace (default): requests wait for their turn in front of rate
               limits; observe: limits are learned, no request waits
  --budget USD, --cap USD
               the most that this gateway or run may bill: then it refuses with
               402. What is in flight counts with its likely cost
  --set USD, --pause-at USD
               for a calendar month in UTC; none removes it
  --here       what the gateways of this terminal's folder may bill
  --since AGE  such as 30m, 24h or 7d; default 24h
  --command TEXT
               the command that printed the text: those that only show files
               are not taken for refused programs
  --state DIR  the folder of Headroom's data; default: HEADROOM_STATE, else the
               platform's folder for state
  --help, -h   this text, as \`headroom help\`
  --version, -v
               the version of Headroom

The token is that of Hugging Face's own tools: HF_TOKEN, else the one that
\`hf auth login\` stored. Who pays is set for the window whose terminal this runs
in (HEADROOM_WORKSPACE), else for all windows without a choice of their own.
Servers: HEADROOM_HUB_URL, HEADROOM_ROUTER_URL, HEADROOM_ENDPOINTS_URL, and
HEADROOM_PROVIDER_URLS, a JSON object by provider. In a terminal of VS Code,
where a workspace can set variables, they must be Hugging Face's, on this
machine, or in your user settings. Exit code: 0 done, 1 not possible, 2 wrong
usage.`;

/** After a mistake: the forms of the commands alone. */
export const shortUsage = `${usage.slice(0, usage.indexOf('\n\n'))}\n\nheadroom help says more.`;
