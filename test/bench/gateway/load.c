// A load generator. Usage: load MODE PORT CALLERS SECONDS REQUEST [EXTRA]   REQUEST is a file with raw bytes.
//   closed  each caller sends its next request after the complete response to the previous one
//   steps   the same for bench-steps of the upstream on port EXTRA: counts events held back or merged
//   open    each caller sends one request; prints a line once all have their first byte, ends with stdin
//   upload  sends the request and EXTRA bytes of body
// Prints one line of JSON.
#include "socket.h"

enum phase { IN_HEAD, IN_LENGTH, IN_CHUNK_SIZE, IN_CHUNK, AFTER_CHUNK, IN_TRAILERS, DONE };

struct conn {
  int fd;
  enum phase phase;
  char head[8192];
  int head_length;
  char line[32]; // of a chunk's size
  int line_length;
  int64_t left;
  int64_t started, first_byte;
  char event[1024];
  int event_length;
};

enum { MOST = 4000000, READ = 1 << 18 };
static struct sockaddr_in target;
static char request[65536];
static int request_length, poller, steps = -1;
static uint32_t *latencies, *first_bytes, *delays;
static long responses, errors, bytes, events, merged, held;
static char last_error[200] = "";

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static double quantile_us(uint32_t *values, long count, double share) {
  if (count == 0) return 0;
  qsort(values, count, sizeof *values, by_value);
  return values[(long)(share * (count - 1))] / 1e3;
}

static void connect_again(struct conn *c) {
  if (c->fd >= 0) close(c->fd);
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->fd, (struct sockaddr *)&target, sizeof target)) fail("connect");
  make_quick(c->fd);
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
}

static void send_request(struct conn *c) {
  c->phase = IN_HEAD;
  c->head_length = c->line_length = c->event_length = 0;
  c->first_byte = 0;
  c->started = now_ns();
  if (send(c->fd, request, request_length, MSG_NOSIGNAL) != request_length) errors++;
}

// Events that end in the same read are merged ones.
static void watch_events(struct conn *c, const char *from, int count, int64_t now, int *in_read) {
  for (int i = 0; i < count; i++) {
    if (c->event_length < (int)sizeof c->event - 1) c->event[c->event_length++] = from[i];
    if (c->event_length < 2 || memcmp(c->event + c->event_length - 2, "\n\n", 2)) continue;
    c->event[c->event_length] = 0;
    c->event_length = 0;
    const char *time = strstr(c->event, "\"t\":");
    if (!time) continue;
    int64_t sent = atoll(time + 4);
    if (++*in_read > 1) merged++;
    if (events < MOST) delays[events] = now - sent;
    events++;
    if (send(steps, "A", 1, MSG_NOSIGNAL) != 1) fail("steps");
  }
}

static void body(struct conn *c, const char *from, int count, int64_t now, int *in_read) {
  if (count > 0 && !c->first_byte) c->first_byte = now;
  bytes += count;
  if (steps >= 0) watch_events(c, from, count, now, in_read);
}

static void parse_head(struct conn *c) {
  int status = atoi(c->head + 9);
  if (status < 200 || status > 299) {
    errors++;
    snprintf(last_error, sizeof last_error, "%.*s", (int)strcspn(c->head, "\r\n"), c->head);
  }
  const char *length = header(c->head, "content-length:");
  const char *encoding = header(c->head, "transfer-encoding:");
  c->left = length ? atoll(length) : 0;
  c->phase = encoding ? IN_CHUNK_SIZE : c->left > 0 ? IN_LENGTH : DONE;
  if (!encoding && !length) errors++, strcpy(last_error, "a response without length");
}

static void consume(struct conn *c, const char *at, int count, int64_t now) {
  int in_read = 0;
  while (count > 0 && c->phase != DONE) {
    int used = 1;
    switch (c->phase) {
    case IN_HEAD:
      if (c->head_length == sizeof c->head - 1) fail("head too long");
      c->head[c->head_length++] = *at;
      if (c->head_length >= 4 && !memcmp(c->head + c->head_length - 4, "\r\n\r\n", 4)) {
        c->head[c->head_length] = 0;
        parse_head(c);
      }
      break;
    case IN_LENGTH:
    case IN_CHUNK:
      used = count < c->left ? count : c->left;
      body(c, at, used, now, &in_read);
      c->left -= used;
      if (c->left == 0) c->phase = c->phase == IN_LENGTH ? DONE : AFTER_CHUNK;
      break;
    case AFTER_CHUNK:
      if (*at == '\n') c->phase = IN_CHUNK_SIZE;
      break;
    case IN_CHUNK_SIZE:
      if (c->line_length < (int)sizeof c->line - 1) c->line[c->line_length++] = *at;
      if (*at != '\n') break;
      c->line[c->line_length] = 0;
      c->line_length = 0;
      c->left = strtoll(c->line, NULL, 16);
      c->phase = c->left > 0 ? IN_CHUNK : IN_TRAILERS;
      break;
    case IN_TRAILERS:
      c->line_length = *at == '\n' ? c->line_length : c->line_length + (*at != '\r');
      if (*at == '\n') {
        if (c->line_length == 0) c->phase = DONE;
        c->line_length = 0;
      }
      break;
    case DONE:
      break;
    }
    at += used;
    count -= used;
  }
}

// Returns 0 when the connection is over.
static int receive(struct conn *c) {
  static char buffer[READ];
  ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
  if (n <= 0) return n < 0 && errno == EAGAIN;
  consume(c, buffer, n, now_ns());
  return 1;
}

static struct conn *connect_all(int callers) {
  struct conn *all = calloc(callers, sizeof *all);
  for (int i = 0; i < callers; i++) {
    all[i].fd = -1;
    connect_again(&all[i]);
  }
  return all;
}

static void closed(int callers, double seconds) {
  struct conn *all = connect_all(callers);
  int64_t began = now_ns(), until = began + (int64_t)(seconds * 1e9);
  int active = callers;
  for (int i = 0; i < callers; i++) send_request(&all[i]);
  while (active > 0) {
    struct epoll_event ready[256];
    int count = epoll_wait(poller, ready, 256, steps >= 0 && held < 10 ? 2000 : 10000);
    if (count == 0 && steps >= 0 && held < 10) {
      // no event within 2 s: the server holds it back until the next one
      held++;
      if (send(steps, "A", 1, MSG_NOSIGNAL) != 1) fail("steps");
      continue;
    }
    if (count == 0) errors++, strcpy(last_error, "no response within 10 s");
    if (count == 0) break;
    for (int i = 0; i < count; i++) {
      struct conn *c = ready[i].data.ptr;
      if (!receive(c)) {
        errors++;
        strcpy(last_error, "the connection ended");
        connect_again(c);
        send_request(c);
      }
      if (c->phase != DONE) continue;
      int64_t now = now_ns();
      if (responses < MOST) latencies[responses] = now - c->started, first_bytes[responses] = c->first_byte - c->started;
      responses++;
      if (now < until)
        send_request(c);
      else
        active--, c->phase = IN_HEAD;
    }
  }
  double took = (now_ns() - began) / 1e9;
  long kept = responses < MOST ? responses : MOST;
  printf("{\"responses\":%ld,\"seconds\":%.6f,\"p50Us\":%.2f,", responses, took, quantile_us(latencies, kept, 0.5));
  printf("\"p99Us\":%.2f,\"firstByteP50Us\":%.2f,", quantile_us(latencies, kept, 0.99), quantile_us(first_bytes, kept, 0.5));
  printf("\"bytes\":%ld,\"events\":%ld,\"merged\":%ld,\"held\":%ld,", bytes, events, merged, held);
  printf("\"delayP50Us\":%.2f,\"errors\":%ld,\"lastError\":\"%s\"}\n", quantile_us(delays, events < MOST ? events : MOST, 0.5), errors, last_error);
}

static void open_streams(int callers) {
  struct conn *all = connect_all(callers);
  int began = 0;
  for (int sent = 0; began < callers;) {
    // at most 64 at once: this measures open streams, not simultaneous starts
    while (sent < callers && sent - began < 64) send_request(&all[sent++]);
    struct epoll_event ready[256];
    int count = epoll_wait(poller, ready, 256, 10000);
    if (count == 0) fail("a stream did not begin within 10 s");
    for (int i = 0; i < count; i++) {
      struct conn *c = ready[i].data.ptr;
      int64_t had = c->first_byte;
      if (!receive(c)) fail("a stream ended");
      if (!had && c->first_byte) began++;
    }
  }
  printf("{\"open\":%d,\"errors\":%ld,\"lastError\":\"%s\"}\n", began, errors, last_error);
  fflush(stdout);
  while (getchar() != EOF) {
  }
}

static void upload(int64_t size) {
  static char zeros[1 << 17];
  struct conn c = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
  if (connect(c.fd, (struct sockaddr *)&target, sizeof target)) fail("connect");
  int64_t began = now_ns();
  if (send(c.fd, request, request_length, MSG_NOSIGNAL) != request_length) fail("send");
  for (int64_t left = size; left > 0;) {
    ssize_t n = send(c.fd, zeros, left < (int64_t)sizeof zeros ? left : (int64_t)sizeof zeros, MSG_NOSIGNAL);
    if (n < 0) fail("upload");
    left -= n;
  }
  while (c.phase != DONE)
    if (!receive(&c)) fail("no response to the upload");
  printf("{\"seconds\":%.6f,\"errors\":%ld,\"lastError\":\"%s\"}\n", (now_ns() - began) / 1e9, errors, last_error);
}

int main(int count, char **args) {
  if (count < 6) return 2;
  const char *mode = args[1];
  target = loopback(atoi(args[2]));
  FILE *file = fopen(args[5], "rb");
  if (!file) fail(args[5]);
  request_length = fread(request, 1, sizeof request, file);
  fclose(file);
  if (!strcmp(mode, "steps")) {
    struct sockaddr_in upstream = loopback(count > 6 ? atoi(args[6]) : 0);
    steps = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(steps, (struct sockaddr *)&upstream, sizeof upstream)) fail("connect");
    setsockopt(steps, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  }
  latencies = malloc(MOST * sizeof *latencies);
  first_bytes = malloc(MOST * sizeof *first_bytes);
  delays = malloc(MOST * sizeof *delays);
  poller = epoll_create1(0);
  if (!strcmp(mode, "open"))
    open_streams(atoi(args[3]));
  else if (!strcmp(mode, "upload"))
    upload(count > 6 ? atoll(args[6]) : 0);
  else
    closed(atoi(args[3]), atof(args[4]));
  return 0;
}
