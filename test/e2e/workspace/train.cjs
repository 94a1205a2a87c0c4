// Prints the error of huggingface_hub for a full Hub window.
const retryAfter = 42;
process.stderr.write(`Traceback (most recent call last):
  File "train.py", line 12, in <module>
    model = AutoModel.from_pretrained("acme/Model-7B")
huggingface_hub.errors.HfHubHTTPError: (Request ID: Root=1-6a875254-0bb52cd14cfc8aeb61737944;ecac8e7a)

429 Too Many Requests: you have reached your 'api' rate limit.
Retry after ${retryAfter} seconds (0/1000 requests remaining in current 300s window).
Url: https://huggingface.co/api/models/acme/Model-7B.
We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. See https://huggingface.co/docs/hub/rate-limits
`);
