export const usage = `Usage: headroom status [--json]
       headroom bill [personal | org:NAME | group:ORG/ID | key:PROVIDER] [--json]
       headroom gateway [--port N] [--failover WHO,...]
                        [--pacing pace|observe] [--json]
       headroom refusals [--since 24h] [--json]

status    shows what Hugging Face says of your account: credits, rate limits,
          Inference Endpoints and their quota, ZeroGPU, and the requests that
          were refused lately. Exit code 1 when nothing is known.
bill      shows who pays for requests, or sets it. A provider's key is read
          where its own SDK reads it, or from HEADROOM_KEY_PROVIDER, each time
          that it is needed; it is stored nowhere.
gateway   serves a gateway on 127.0.0.1 that bills requests as set, until
          SIGTERM or Ctrl+C, on which it finishes what is in flight within 5 s.
refusals  lists the requests that were refused because of a limit.

  --json       one JSON object; money in nano-USD, times in UTC, unknown is null
  --port N     where the gateway listens; default 0: any port that is free
  --failover WHO,...
               who stands in, in this order, while credits are used up or a
               spending limit is reached, such as org:acme,key:groq; default:
               nobody
  --pacing pace|observe
               pace (default): requests wait for their turn in front of rate
               limits; observe: limits are learned, nobody waits
  --since AGE  such as 30m, 24h or 7d; default 24h
  --state DIR  where answers are remembered; default: HEADROOM_STATE, else the
               platform's folder for state
  --help, -h   this text
  --version    the version of Headroom

The token is the one that Hugging Face's own tools use: HF_TOKEN, else what
\`hf auth login\` left. Who pays is set for the window in whose terminal this
runs (HEADROOM_WORKSPACE), else for all that have not chosen. Servers:
HEADROOM_HUB_URL, HEADROOM_ROUTER_URL, HEADROOM_ENDPOINTS_URL, and
HEADROOM_PROVIDER_URLS, a JSON object by provider. Exit code: 0 when it is
done, 1 when it can't be, 2 on wrong usage.`;
