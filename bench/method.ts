import type { Options } from './options.ts'

/** How the figures came about, in words. */
export function methodText({ seconds, repetitions }: Options): string {
  return `One environment; 200 flags that are asked for by Zipf's law; posts of 250 impressions over some 86 flags (of 50 at 1,000/s, so
that there are enough posts to tell of); 50 viewers over WebSocket without compression: 40 watch one flag each (the 14 most asked
for), 5 everything, 5 everything of one exact key. That is 6.6 wanted deliveries per impression. Bodies and keys are the same in
each run (seeded).

**Contenders** run one after the other, each with fresh processes on the same machine as the generator, and all of them again in
each repetition (${repetitions} here); figures are medians, ratios are medians of the ratios within a repetition. Before anything is measured,
32 posts are sent and every viewer must have got exactly the rows that it wants, else the round fails. Viewers count bytes and
never parse rows, so that the generator's core is not full before the server's. CPU seconds are user and system time of all
processes of the server's side (Redis and brokers included), from \`/proc/<pid>/stat\`. Redis keeps nothing on disk.
*All rows*: Flagtail with its row cap out of the way, so that each row is sent. *Default cap*: as it comes, at most 1,000 rows/s per
filter, every match counted. The brokers are published to directly (NATS protocol and MQTT 3.1.1 over TCP, HTTP for nchan) by the
generator; what would have to authenticate, check and log the SDKs' posts in front of them is not there and not counted. They get two shapes:
*a message per flag* of a post, and the whole post as one message for those who watch everything (their best case); and *a message per
impression* (their usual case; everything is a wildcard, and a second message with nchan, which has none). They know no keys: those
five viewers get everything and throw away what they do not want. Naive socket.io publishes each impression on Redis and emits
each to the rooms of its environment and flag, with default settings.

**Saturated** is a closed loop of ${seconds} s (after ${seconds / 2} s of warming up): 16 keep-alive connections each post again as soon as their last post
is taken, while at most 256 posts have not reached everybody who watches everything; it ends when all is delivered. *Useful* = rows
that the viewer's filter wants and that arrived; *moved* = rows that arrived; *counted* = rows that the filter wants, received or
counted exactly. **At a rate** is an open loop of ${seconds} s: posts are due at fixed times whatever the server does; where 256 posts
are unanswered or not all is delivered within a second of the last, the contender "does not keep up" and higher rates are left out. **POST → socket** runs from
the moment that the post is written to its socket until the viewer has the message, by one clock: the time is in the key of the first row of each
flag. Generator and viewers share a process, so their own lag is in these times; how late the generator was is in the table.

**Ingest**: 16 connections, nobody watches; decode, authenticate by config file and append, against a server that only parses.
**Matching**: in process, \`server/tail\`'s interest and matching without frames. **Storm**: 1,000 viewers of the workload's kinds come at
once with the cursor of before 40 posts, to a server that has just started, with Redis; those it sends away ask again as the page does.`
}
