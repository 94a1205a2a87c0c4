// Keeps a core awake while nobody else needs it: at the lowest priority of all, so that whoever does has it at once. A
// core that sleeps takes longer to wake up, in a virtual machine, than a gateway takes for a request.
// Usage: awake   Ends when it is killed.
#define _GNU_SOURCE
#include <sched.h>

int main(void) {
  struct sched_param lowest = {0};
  if (sched_setscheduler(0, SCHED_IDLE, &lowest)) return 1;
  for (volatile unsigned turns = 0;; turns++) {
  }
}
