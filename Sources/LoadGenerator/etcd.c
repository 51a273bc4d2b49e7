// etcd: gRPC KV/Put over HTTP/2, every key new.
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DATA = 0, HEADERS = 1, RESET = 3, SETTINGS = 4, PING = 6, GO_AWAY = 7, WINDOW = 8 };
enum { END_STREAM = 1, END_HEADERS = 4, ACK = 1, FRAME_HEAD = 9 };

static long keys;

static size_t frame(char *out, int type, int flags, uint32_t stream, const void *payload,
                    size_t count) {
  uint32_t id = htonl(stream);
  out[0] = (char)(count >> 16);
  out[1] = (char)(count >> 8);
  out[2] = (char)count;
  out[3] = (char)type;
  out[4] = (char)flags;
  memcpy(out + 5, &id, 4);
  if (count) memcpy(out + FRAME_HEAD, payload, count);
  return FRAME_HEAD + count;
}

static void prepare(Connection *c) {
  char out[128];
  size_t n = (size_t)sprintf(out, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  c->stream = (uint32_t)-1;
  n += frame(out + n, SETTINGS, 0, 0, NULL, 0);
  n += frame(out + n, WINDOW, 0, 0, "\x3f\xff\xff\xff", 4);
  load_put(c->socket, out, n);
}

static size_t request(Connection *c, char *out) {
  // Method and scheme by their index; the rest literal and never indexed.
  static const char head[] =
      "\x83\x86\x04\x14/etcdserverpb.KV/Put\x01\x09"
      "127.0.0.1\x0f\x10\x10"
      "application/grpc\x00\x02te\x08trailers";
  static char message[REQUEST_MAX];
  char key[64];
  int key_bytes = snprintf(key, sizeof key, "b/%ld/%09ld", load_run_id, ++keys);
  size_t n = 5;
  message[n++] = 0x0a;
  message[n++] = (char)key_bytes;
  memcpy(message + n, key, (size_t)key_bytes);
  n += (size_t)key_bytes;
  message[n++] = 0x12;
  size_t length = load_value_bytes;
  for (; length >= 128; length >>= 7) message[n++] = (char)((length & 127) | 128);
  message[n++] = (char)length;
  memcpy(message + n, load_value, load_value_bytes);
  n += load_value_bytes;
  uint32_t prefix = htonl((uint32_t)(n - 5));
  message[0] = 0;
  memcpy(message + 1, &prefix, 4);
  c->stream += 2;
  c->has_message = 0;
  size_t written = frame(out, HEADERS, END_HEADERS, c->stream, head, sizeof head - 1);
  return written + frame(out + written, DATA, END_STREAM, c->stream, message, n);
}

static size_t take(Connection *c) {
  size_t used = 0;
  while (c->filled - used >= FRAME_HEAD) {
    const unsigned char *p = (const unsigned char *)c->in + used;
    size_t count = (size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2];
    int type = p[3], flags = p[4];
    if (c->filled - used < FRAME_HEAD + count) break;
    char out[64];
    if (type == SETTINGS && !(flags & ACK))
      load_put(c->socket, out, frame(out, SETTINGS, ACK, 0, NULL, 0));
    if (type == PING && !(flags & ACK))
      load_put(c->socket, out, frame(out, PING, ACK, 0, p + FRAME_HEAD, 8));
    if (type == GO_AWAY) errno = 0, load_fail("etcd ends the connection");
    // Errors come as trailers alone, without a message before them.
    if (type == DATA && count > 5) c->has_message = 1;
    if (type == RESET || (type <= HEADERS && flags & END_STREAM)) load_answered(c, c->has_message);
    used += FRAME_HEAD + count;
  }
  return used;
}

const Dialect load_etcd = {"etcd", prepare, request, take};
