// Prints the error of the openai package for Groq's full token window.
console.log('answer 1: 9,854 tokens');
process.stderr.write(`Traceback (most recent call last):
  File "chat.py", line 9, in <module>
    client.chat.completions.create(model="llama-3.3-70b-versatile", messages=messages)
  File "/home/ada/.venv/lib/python3.12/site-packages/openai/_base_client.py", line 1047, in request
    raise self._make_status_error_from_response(err.response) from None
openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for model \`llama-3.3-70b-versatile\` in organization \`org_01hs\` service tier \`on_demand\` on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}
`);
