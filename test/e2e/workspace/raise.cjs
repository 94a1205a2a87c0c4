// A program that the openai SDK's error ends.
const { default: openAi } = require('openai');

new openAi({ maxRetries: 0 }).chat.completions.create({
  model: process.argv[2] ?? 'meta-llama/Llama-3.1-8B-Instruct',
  messages: [{ role: 'user', content: 'Who pays?' }],
});
