// A program that sends many requests at once, without retries.
const { default: openAi } = require('openai');

const [, , count, name] = process.argv;

async function main() {
  const client = new openAi({ maxRetries: 0 });
  const ask = () =>
    client.chat.completions.create({
      model: 'meta-llama/Llama-3.1-8B-Instruct',
      messages: [{ role: 'user', content: 'How many at once?' }],
      max_tokens: 8,
    });
  const results = await Promise.allSettled(Array.from({ length: Number(count) }, ask));
  const errors = results.flatMap(({ reason }) => (reason ? [reason.message] : []));
  for (const error of new Set(errors)) console.log(error);
  console.log(`burst ${name}: ${results.length - errors.length} answered, ${errors.length} refused`);
}

void main();
