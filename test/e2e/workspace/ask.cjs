// A program with the openai SDK, which reads address and key from the environment. Arguments: a number, a provider.
const { default: openAi } = require('openai');

async function main() {
  const client = new openAi({ maxRetries: 0 });
  const { model, choices } = await client.chat.completions.create({
    model: ['meta-llama/Llama-3.1-8B-Instruct', ...process.argv.slice(3)].join(':'),
    messages: [{ role: 'user', content: 'Who pays?' }],
    max_tokens: 8,
  });
  console.log(`answer ${process.argv[2]}: ${model}, ${choices.length} choice`);
}

main().catch(error => console.log(`failure ${process.argv[2]}: ${error.message}`));
