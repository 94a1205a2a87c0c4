#!/usr/bin/env node
// In the syntax of old Nodes: the rest needs the Node that undici 8 asks for (22.19).
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 19)) {
  console.error(
    'headroom needs Node 22.19 or later; this is ' +
      process.versions.node +
      '. Nothing was done. Run it with a newer Node, such as that of your editor.',
  );
  process.exit(2);
} else {
  void import('./cli-main.js');
}
