// A developer's own program that asks the Hub for much at once: the address comes from the environment. Nothing in it
// waits for a limit or tries again.
const { modelInfo } = require('@huggingface/hub');

const [, , count, name] = process.argv;
const where = { hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN };

async function main() {
  const calls = Array.from({ length: Number(count) }, () =>
    modelInfo({ name: 'ada/bert-finetuned', ...where }),
  );
  const results = await Promise.allSettled(calls);
  const errors = results.flatMap(({ reason }) => (reason ? [`${reason.statusCode}: ${reason.message}`] : []));
  for (const error of new Set(errors)) console.log(error);
  console.log(`burst ${name}: ${results.length - errors.length} answered, ${errors.length} refused`);
}

main();
