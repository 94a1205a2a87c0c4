// A minimal upstream. The model in the body selects the response: bench-json, bench-burst (200 events at
// once), bench-steps (200 events, each after the arrival of the previous one) or bench-open (one event, no
// end). The load acknowledges each step with an `A` on a connection of its own. A body above 48 KiB is
// counted and dropped. A GET gets the list of models.
// Usage: upstream   Prints its port.
#include "socket.h"

enum { EVENTS = 200, KEPT = 48 * 1024 };

#define HEAD                                                                                                           \
  "HTTP/1.1 200 OK\r\nx-inference-provider: groq\r\nx-request-id: Root=1-6a1f0c2e-0b9a\r\n"                            \
  "x-ratelimit-limit-requests: 14400\r\nx-ratelimit-limit-tokens: 18000\r\n"                                           \
  "x-ratelimit-remaining-requests: 14370\r\nx-ratelimit-remaining-tokens: 17997\r\n"                                   \
  "x-ratelimit-reset-requests: 2m59.56s\r\nx-ratelimit-reset-tokens: 7.66s\r\n"                                        \
  "ratelimit: \"api\";r=987;t=142\r\nratelimit-policy: \"fixed window\";\"api\";q=1000;w=300\r\n"
#define USAGE                                                                                                          \
  "\"usage\":{\"prompt_tokens\":21,\"completion_tokens\":9,\"total_tokens\":30,"                                       \
  "\"prompt_tokens_details\":{\"cached_tokens\":0}}"
#define EVENT                                                                                                          \
  "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1791970000,\"model\":\"acme/Model-7B\","

enum mode { JSON, LIST, BURST, STEPS, OPEN, UPLOAD };

struct conn {
  int fd;
  enum mode mode;
  char in[KEPT + 1]; // head and start of the request
  int kept;
  int head;          // its length; 0: incomplete
  int chunked;
  char tail[5];      // of a chunked body
  int64_t left;      // of the body
  int64_t received;
  int sent;          // events
  int offset;        // written bytes of the current event
};

static int poller;
static struct conn *stepping; // one at a time
static char json[1024], list[1024], upload[256], first[512], middle[512], last[1024];
static const char stream_head[] = HEAD "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

static void chunk(char *to, const char *event) { sprintf(to, "%zx\r\n%s\r\n", strlen(event), event); }

static void prepare(void) {
  const char *body = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1791970000,"
                     "\"model\":\"acme/Model-7B\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                     "\"content\":\"Hello, how can I help you today?\"},\"finish_reason\":\"stop\"}]," USAGE "}";
  sprintf(json, HEAD "content-type: application/json\r\ncontent-length: %zu\r\n\r\n%s", strlen(body), body);
  const char *models = "{\"object\":\"list\",\"data\":[{\"id\":\"bench-json\",\"object\":\"model\",\"providers\":"
                       "[{\"provider\":\"groq\",\"status\":\"live\",\"pricing\":{\"input\":0.2,\"output\":0.6}}]}]}";
  sprintf(list, HEAD "content-type: application/json\r\ncontent-length: %zu\r\n\r\n%s", strlen(models), models);
  chunk(first, "data: " EVENT "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n");
  chunk(middle, "data: " EVENT "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n");
  chunk(last, "data: " EVENT "\"choices\":[]," USAGE "}\n\ndata: [DONE]\n\n");
  strcat(last, "0\r\n\r\n");
}

static void end(struct conn *c) {
  if (stepping == c) stepping = NULL;
  close(c->fd);
  free(c);
}

static void ready_for_next(struct conn *c) {
  c->kept = c->head = c->chunked = c->sent = c->offset = 0;
  c->received = 0;
}

// Returns whether all is written; `offset` counts the written bytes.
static int put(struct conn *c, const char *text, int length) {
  while (c->offset < length) {
    ssize_t n = send(c->fd, text + c->offset, length - c->offset, MSG_NOSIGNAL);
    if (n < 0) return 0;
    c->offset += n;
  }
  c->offset = 0;
  return 1;
}

// One write per event, until the socket's buffer is full.
static void burst(struct conn *c) {
  while (c->sent < EVENTS) {
    const char *event = c->sent == 0 ? first : c->sent == EVENTS - 1 ? last : middle;
    if (!put(c, event, strlen(event))) return;
    c->sent++;
  }
  ready_for_next(c);
}

static void step(void) {
  struct conn *c = stepping;
  char event[512], text[600];
  if (!c) return;
  sprintf(event, "data: {\"t\":%lld,\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n", (long long)now_ns());
  chunk(text, event);
  if (++c->sent == EVENTS) strcat(text, "0\r\n\r\n");
  if (!put(c, text, strlen(text))) fail("a step did not fit");
  if (c->sent < EVENTS) return;
  stepping = NULL;
  ready_for_next(c);
}

static void answer(struct conn *c) {
  char text[sizeof stream_head + sizeof first];
  switch (c->mode) {
  case JSON:
    if (!put(c, json, strlen(json))) fail("an answer did not fit");
    return ready_for_next(c);
  case LIST:
    if (!put(c, list, strlen(list))) fail("an answer did not fit");
    return ready_for_next(c);
  case UPLOAD: {
    char body[64];
    sprintf(body, "{\"received\":%lld}", (long long)c->received);
    sprintf(upload, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s", strlen(body), body);
    if (!put(c, upload, strlen(upload))) fail("an answer did not fit");
    return ready_for_next(c);
  }
  default:
    break;
  }
  strcpy(text, stream_head);
  if (c->mode != STEPS) strcat(text, first), c->sent = 1;
  if (!put(c, text, strlen(text))) fail("a head did not fit");
  if (c->mode == BURST) burst(c);
  if (c->mode == STEPS) stepping = c, step();
}

static enum mode mode_of(const char *body) {
  if (strstr(body, "bench-burst")) return BURST;
  if (strstr(body, "bench-steps")) return STEPS;
  return strstr(body, "bench-open") ? OPEN : JSON;
}

static void take(struct conn *c, const char *bytes, int64_t count) {
  c->received += count;
  c->left -= count;
  if (c->chunked) {
    int keep = count < 5 ? count : 5;
    memmove(c->tail, c->tail + keep, 5 - keep);
    memcpy(c->tail + 5 - keep, bytes + count - keep, keep);
    if (!memcmp(c->tail, "0\r\n\r\n", 5)) c->left = 0;
  }
  if (c->left > 0) return;
  c->in[c->kept] = 0;
  c->mode = c->in[0] == 'G' ? LIST : c->head + c->received > KEPT ? UPLOAD : mode_of(c->in + c->head);
  answer(c);
}

// Returns 0 when the connection is over.
static int receive(struct conn *c) {
  static char dropped[1 << 18];
  int kept = c->kept < KEPT;
  char *to = kept ? c->in + c->kept : dropped;
  ssize_t n = recv(c->fd, to, kept ? KEPT - c->kept : (int)sizeof dropped, 0);
  if (n == 0 || (n < 0 && errno != EAGAIN)) return 0;
  if (n < 0) return 1;
  if (c->kept == 0 && *to == 'A') {
    while (n-- > 0) step();
    return 1;
  }
  if (kept) c->kept += n;
  if (c->head) {
    take(c, to, n);
    return 1;
  }
  c->in[c->kept] = 0;
  char *stop = strstr(c->in, "\r\n\r\n");
  if (!stop) return c->kept < KEPT;
  c->head = stop + 4 - c->in;
  char first_of_body = *(stop + 4);
  *(stop + 4) = 0;
  const char *length = header(c->in, "content-length:"), *encoding = header(c->in, "transfer-encoding:");
  c->chunked = encoding != NULL;
  c->left = length ? atoll(length) : c->chunked ? INT64_MAX : 0;
  *(stop + 4) = first_of_body;
  take(c, c->in + c->head, c->kept - c->head);
  return 1;
}

int main(void) {
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr *)&address, size) || listen(server, 4096)) fail("listen");
  getsockname(server, (struct sockaddr *)&address, &size);
  prepare();
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  make_quick(server);
  poller = epoll_create1(0);
  epoll_ctl(poller, EPOLL_CTL_ADD, server, &(struct epoll_event){.events = EPOLLIN});
  for (;;) {
    struct epoll_event events[256];
    int count = epoll_wait(poller, events, 256, -1);
    for (int i = 0; i < count; i++) {
      struct conn *c = events[i].data.ptr;
      if (!c) {
        for (int fd; (fd = accept(server, NULL, NULL)) >= 0;) {
          make_quick(fd);
          c = malloc(sizeof *c); // untouched pages stay free
          c->fd = fd;
          ready_for_next(c);
          epoll_ctl(poller, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c});
        }
        continue;
      }
      int open = 1;
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        do open = receive(c);
        while (open && recv(c->fd, &(char){0}, 1, MSG_PEEK) >= 0);
      if (!open)
        end(c);
      else if (c->sent > 0 && c->mode == BURST)
        burst(c);
    }
  }
}
