// Properties try the same cases at each run: a failure is of the change that it comes with. Without this file, as when
// one suite is run by hand, they are random.
import fc from 'fast-check';

fc.configureGlobal({ seed: 1 });
