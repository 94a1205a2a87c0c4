/** A text as programs, servers and people write them. `§` stands for the secret, which must be gone. */
export interface SecretText {
  readonly text: string;
  /** What must be left, in this order. */
  readonly stays: readonly string[];
}

const hex = '3f9a1c0b7e5d2846a1f0c9e8b7d6543210fedcba98765432aa55bb66cc77dd88';
const base62 = 'Zk3vQ9xT7bLw2RfYc8NdHs5JgPaE1uMi';

/** Command lines, and how they are shown. */
export const commandLines: readonly (readonly [line: string, shown: string])[] = [
  [`TOGETHER_API_KEY=${hex} python x.py`, 'TOGETHER_API_KEY=… python x.py'],
  ['HF_TOKEN=hunter2hunter2 HF_HUB_OFFLINE=1 python x.py', 'HF_TOKEN=… HF_HUB_OFFLINE=1 python x.py'],
  ['env OPENAI_API_KEY=hunter2 sudo -E python x.py', 'env OPENAI_API_KEY=… sudo -E python x.py'],
  ['export HF_TOKEN=hunter2', 'export HF_TOKEN=…'],
  ['export HF_TOKEN="hunter2 with words" && python x.py', 'export HF_TOKEN=… && python x.py'],
  ['set -gx HF_TOKEN hunter2; python x.py', 'set -gx HF_TOKEN … ; python x.py'],
  ['set HF_TOKEN=hunter2 && python x.py', 'set HF_TOKEN=… && python x.py'],
  ['setx HF_TOKEN hunter2', 'setx HF_TOKEN …'],
  ['setenv HF_TOKEN hunter2', 'setenv HF_TOKEN …'],
  ['$env:HF_TOKEN="hunter2"; python x.py', '$env:HF_TOKEN=… ; python x.py'],
  ["$env:HF_TOKEN = 'hunter2'", '$env:HF_TOKEN …'],
  ['python x.py --api-key hunter2 --n 5', 'python x.py --api-key … --n 5'],
  ['python x.py --api-key=hunter2', 'python x.py --api-key=…'],
  ['python x.py --header="Authorization: Bearer hunter2"', 'python x.py --header=…'],
  ['python x.py -khunter2', 'python x.py -k…'],
  ['hf auth login --token hunter2', 'hf auth login --token …'],
  ['huggingface-cli login --token=hunter2', 'huggingface-cli login --token=…'],
  ['docker run -e HF_TOKEN=hunter2 --rm image', 'docker run -e HF_TOKEN=… --rm …'],
  ['echo hunter2 | docker login -u ada --password-stdin', 'echo … | docker login -u … --password-stdin'],
  ['uv run --env-file .env python x.py', 'uv run --env-file .env python x.py'],
  ['uv run --env HF_TOKEN=hunter2 x.py', 'uv run --env HF_TOKEN=… x.py'],
  [
    "curl -H 'Authorization: Bearer hunter2' https://router.huggingface.co/v1/models",
    'curl -H … https://router.huggingface.co/v1/models',
  ],
  ['curl -u ada:hunter2 https://huggingface.co/api', 'curl -u … https://huggingface.co/api'],
  ['curl https://ada:hunter2@huggingface.co/api', 'curl https://…@huggingface.co/api'],
  [
    'curl https://huggingface.co/api?token=hunter2&limit=5',
    'curl https://huggingface.co/api?token=…&limit=…',
  ],
  ['curl -d \'{"key":"hunter2"}\' https://api.groq.com/x', 'curl -d … https://api.groq.com/x'],
  [
    `curl https://hooks.slack.com/services/T01/B02/${base62}`,
    'curl https://hooks.slack.com/services/T01/B02/…',
  ],
  ['http POST https://api.groq.com/x X-Api-Key:hunter2', 'http … https://api.groq.com/x …'],
  ['ssh -i key.pem ada@host', 'ssh -i …'],
  ['mysql -phunter2 -u root', 'mysql -p… -u …'],
  ['python -c \'login("hunter2")\'', 'python -c …'],
  ['python - <<EOF\nlogin("hunter2")\nEOF', 'python … << …'],
  ['python x.py <<< hunter2', 'python x.py <<< …'],
  ['HF_TOKEN=$(cat hunter2) python x.py', 'HF_TOKEN=… ( cat … ) python x.py'],
  ['HF_TOKEN=`cat hunter2` python x.py', 'HF_TOKEN=… python x.py'],
  ['python x.py # hunter2', 'python x.py …'],
  ['export HF_TOKEN="hunter2', 'export HF_TOKEN=…'],
  ['git clone https://ada:hunter2@huggingface.co/org/name', 'git clone https://…@huggingface.co/org/name'],
  ['psql postgres://ada:hun/ter@2@db.example.org/x', 'psql postgres://…'],
  [`git commit -m "${base62}"`, 'git commit -m …'],
  [`python ${base62}.py`, 'python …'],
  [
    'python train.py --model meta-llama/Llama-3.1-8B-Instruct --lr 1e-4',
    'python train.py --model meta-llama/Llama-3.1-8B-Instruct --lr 1e-4',
  ],
  [
    'hf download Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8',
    'hf download Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8',
  ],
  [
    'npx tsx eval.ts --model gpt-4o-mini --temperature 0.7',
    'npx tsx eval.ts --model gpt-4o-mini --temperature 0.7',
  ],
  [
    'python src/evals/run.py --n 100 2>&1 | tee out.log',
    'python src/evals/run.py --n 100 2>&1 | tee out.log',
  ],
];

const short = 'q7Rt2mXw9KbZ4pLs';

/** Short keys and passwords, pasted or misread as a program, an option or a part of a path. */
export const misplacedKeys: readonly (readonly [line: string, shown: string])[] = [
  [`hf auth login\n${short}`, 'hf auth login ; …'],
  ['hf auth login\nhunter2', 'hf auth login ; …'],
  [`read -s X\n${short}\n`, 'read -s X ; …'],
  [short, '…'],
  ['hunter2hunter2', '…'],
  [`y;${short}`, 'y ; …'],
  [`y|${short}`, 'y | …'],
  [`y&${short}`, 'y & …'],
  ['export A=Tr0ub4dor&hunter', 'export A=… & …'],
  ['python x.py --pass Tr0ub4dor&3', 'python x.py --pass … & …'],
  [`(${short})`, '( … )'],
  [`x --${short}`, 'x …'],
  [`x --a.${short}=1`, 'x …'],
  [`${short}=1 x`, '…'],
  [`$${short}`, '…'],
  [`export ${short}`, 'export …'],
  ['python x.py {"password": "hunter=hunter"}', 'python x.py …'],
  [`./${short}/run`, 'run'],
  [`curl https://example.org/?${short}`, 'curl https://example.org/?…'],
  [`curl https://example.org/?x=1&${short}`, 'curl https://example.org/?x=…&…'],
  [`curl https://example.org/${short}`, 'curl https://example.org/…'],
  [`x wss://example.org/a/${short}/b`, 'x wss://example.org/a/…/b'],
  [`vllm serve a/${short}`, 'vllm serve …'],
  [`x --model qwen-${short}`, 'x --model …'],
  [`hf upload ${short}/b`, 'hf upload …'],
  [`python ${short}/a.py`, 'python …'],
  [`y > ${short}.log`, 'y > …'],
  ['cd evals && ./run.sh | jq .a | tee out.log', 'cd … && ./run.sh | jq … | tee out.log'],
  ['clang-15 a.cpp && /usr/bin/python3.11 x.py', 'clang-15 a.cpp && /usr/bin/python3.11 x.py'],
  ['my_tool --use-4bit --fp16 --lora_r 8', 'my_tool --use-4bit --fp16 --lora_r 8'],
];

/** Words of servers, libraries and people. */
export const texts: readonly SecretText[] = [
  { text: 'Invalid API key: §', stays: ['Invalid API key: '] },
  {
    text: 'Incorrect API key provided: §. You can find yours in the console.',
    stays: ['Incorrect API key provided: ', 'You can find yours'],
  },
  { text: "{'error': {'message': 'no', 'api_key': '§'}}", stays: ["'message': 'no'"] },
  { text: '{"error":"rate limit","token":"§"}', stays: ['"error":"rate limit"'] },
  { text: '{\\"token\\": \\"§\\", \\"error\\": \\"slow\\"}', stays: ['\\"error\\": \\"slow\\"'] },
  { text: 'Authorization: Bearer §', stays: ['Authorization: '] },
  { text: 'authorization: Digest username="ada", response="§"', stays: ['authorization: '] },
  { text: 'Proxy-Authorization: Basic §', stays: ['Proxy-Authorization: '] },
  { text: 'cookie: a=§; b=§', stays: ['cookie: '] },
  { text: 'Set-Cookie     : §', stays: ['Set-Cookie'] },
  { text: 'X-Goog-Api-Key: §', stays: ['X-Goog-Api-Key: '] },
  { text: 'x-amz-security-token=§', stays: ['x-amz-security-token='] },
  { text: 'OPENAI_API_KEY=§ is set', stays: ['OPENAI_API_KEY=', ' is set'] },
  { text: 'GROQ_API_KEY_2: §', stays: ['GROQ_API_KEY_2: '] },
  { text: 'clientSecret = "§"', stays: ['clientSecret = '] },
  { text: "login(token='§')", stays: ['login(token='] },
  { text: "password=b'§'", stays: ['password='] },
  { text: 'password: §', stays: ['password: '] },
  { text: '<password>§</password>', stays: ['<password>'] },
  { text: 'unrecognized arguments: --api-key §', stays: ['unrecognized arguments: --api-key '] },
  { text: 'usage: x --hf-token § --n 5', stays: ['--hf-token ', '--n 5'] },
  { text: 'for url: https://ada:§@example.org/a', stays: ['for url: https://', '@example.org/a'] },
  { text: 'for url: https://§@example.org/a', stays: ['@example.org/a'] },
  {
    text: 'for url: https://example.org/a?X-Amz-Signature=§&page=2',
    stays: ['https://example.org/a?X-Amz-Signature=', '&page='],
  },
  { text: 'GET https://example.org/token/§ failed', stays: ['GET https://example.org/token/', ' failed'] },
  { text: 'GET https://example.org/a#access_token=§', stays: ['GET https://example.org/a'] },
  { text: 'redis://:§@cache:6379/0', stays: ['redis://', '@cache:6379/0'] },
  { text: 'connection string AccountKey=§;EndpointSuffix=x', stays: ['connection string AccountKey='] },
  { text: 'Invalid token "§" was given', stays: ['Invalid token ', ' was given'] },
];

/** A key that only a name near it tells. `§` stands for the key. */
export const namedKeys: readonly SecretText[] = [
  { text: 'password is §', stays: ['password is '] },
  { text: 'the password was §.', stays: ['the password was '] },
  { text: 'token is §', stays: ['token is '] },
  { text: 'access_token §', stays: ['access_token '] },
  { text: 'AWS_SECRET_ACCESS_KEY §', stays: ['AWS_SECRET_ACCESS_KEY '] },
  { text: 'apikey § of ada', stays: ['apikey ', ' of ada'] },
  { text: 'pwd §', stays: ['pwd '] },
  { text: 'pass §', stays: ['pass '] },
  { text: 'session §', stays: ['session '] },
  { text: 'access code §', stays: ['access code '] },
  { text: 'Invalid credentials (§) for ada', stays: ['Invalid credentials (', ') for ada'] },
  { text: 'key (§)', stays: ['key ('] },
  { text: 'key [§]', stays: ['key ['] },
  { text: 'api_key → §', stays: ['api_key → '] },
  { text: 'API key\u00a0§', stays: ['API key'] },
  { text: 'Passwort: §', stays: ['Passwort: '] },
  { text: 'contraseña: §', stays: ['contraseña: '] },
  { text: 'mot de passe : §', stays: ['mot de passe : '] },
  { text: '密钥§', stays: ['密钥'] },
  { text: 'password:\n§', stays: ['password:'] },
  { text: '&quot;token&quot;:&quot;§&quot;', stays: ['token'] },
  { text: '\\u0022token\\u0022:\\u0022§\\u0022', stays: ['token'] },
  { text: '{"api_key":{"value":"§"}}', stays: ['"api_key":'] },
  { text: '{"api_key":["§"]}', stays: ['"api_key":'] },
  { text: '"secret":null,"value":"§"', stays: ['"secret":'] },
  { text: 'name: API_KEY\n value: §', stays: ['name: API_KEY'] },
  { text: 'csrf=§; sid=§', stays: ['csrf='] },
];

/** Keys that no prefix and no length tells. */
export const shortKeys: readonly string[] = [
  'q7Rt2mXw9KbZ4pLs',
  'k3v9x2m4b7n1',
  'QxWvRtKbZpLsMnTd',
  '9f86d081884c7d65',
  'A7K2M9X4',
];

/** Keys in groups, which are hidden wherever they stand. */
export const groupedKeys: readonly string[] = [
  'MUNUJ-ELG5G-1AOL7-YEZKA-C1XMG',
  'munuj-elg5g-1aol7-yezka-c1xmg',
  'A1B2-CDEF-GHIJ-3456',
  '1a2b3c4d-5e6f7a8b-9c0d1e2f-3a4b5c6d',
];

/** What must stay readable. */
export const harmlessTexts: readonly string[] = [
  'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period.',
  'Rate limit reached for model `llama-3.3-70b-versatile` in organization on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s.',
  'The model Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8 is overloaded.',
  'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8:fireworks-ai is not available',
  '429 Client Error: Too Many Requests for url: https://huggingface.co/api/models',
  '(Request ID: Root=1-690a1b2c-0123456789abcdef01234567;0195e29b-7f3a-7c11-b5d4-5a6f7e8d9c0b)',
  'request_id: 0195e29b-7f3a-7c11-b5d4-5a6f7e8d9c0b',
  'request req_011CSHoEeqs5C35K2UUqR7Fy failed',
  '2026-10-14T09:30:00.000Z',
  'max_tokens=4096, prompt_tokens: 12, token_limit: 8192, tokens: 5',
  'This request requires 12,345 tokens, which is more than your key allows.',
  'Missing Bearer token. Basic accounts have 1,000 requests.',
  "make sure you pass a HF_TOKEN if you're using the API.",
  'File "/home/ada/projects/llm-evals/.venv/lib/python3.11/site-packages/huggingface_hub/utils/_http.py", line 409',
  'huggingface_hub.errors.HfHubHTTPError: AutoModelForCausalLM.from_pretrained',
  'git@github.com:org/repo.git',
  'Invalid credentials in the Authorization header. See https://huggingface.co/docs/hub/security-tokens',
  'The API key is valid, but AutoModelForCausalLM is not served by python3.11.',
  'Invalid API key. req_011CSHoEeqs5C35K2UUqR7Fy',
  'this will only help some-long-name-list',
  '您的余额不足，请充值',
];

export const planted: readonly string[] = [hex, base62, 'hunter2-S3cret!', 'correcthorsebattery'];
