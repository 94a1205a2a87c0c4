#!/usr/bin/env node
// The first thing that runs: it says so when this Node is too old for the rest to be read.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 13)) {
  console.error(
    'headroom needs Node 22.13 or later; this is ' +
      process.versions.node +
      '. Nothing was done. Run it with a newer Node, such as the one that your editor has.',
  );
  process.exit(2);
} else {
  void import('./cli-main.js');
}
