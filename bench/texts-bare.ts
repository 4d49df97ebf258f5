/**
 * The bare loop beside our gateways, a process of its own: for each request the two Redis calls that bring a text to a durable incident
 * (kept; thread, incident, journal and handover in one), then 200. What is written was made beforehand by our own desk of texts, and is
 * the same to the octet. Decodes nothing, reads nothing, sends nothing. Ends when its standard input does.
 *
 *   POST /prepare?gateway=NAME&first=N&count=N    makes what will be written; whatever was made before is forgotten
 *   POST /texts/N                                 writes it
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clock } from '../src/clock.ts';
import { loadSettings, projectFiles } from '../src/config.ts';
import { loadWords } from '../src/config/words.ts';
import { Patience } from '../src/control/patience.ts';
import type { Commit, Store } from '../src/control/ports.ts';
import { TextDesk } from '../src/control/text-desk.ts';
import { wordsOf } from '../src/kernel/faults.ts';
import { openLog } from '../src/log.ts';
import { openStore } from '../src/redis/store.ts';
import { forCentre } from '../src/sms/short-number.ts';
import type { KeptText } from '../src/sms/text.ts';
import { memoryStore } from '../test/simulators/memory-store.ts';
import { heardBy, written } from './texts-words.ts';

interface Prepared {
  readonly kept: KeptText;
  readonly commit: Commit;
}

const settings = loadSettings();
const words = loadWords(settings, projectFiles());
const log = openLog({ level: 'warn' });
const sinks = settings.sinks.map(({ name }) => name);
/** Names of its own on the same Redis. */
const store = await openStore({
  url: settings.redis.url,
  ...(settings.redis.password === null ? {} : { password: settings.redis.password }),
  centre: 'bare',
  instance: 'bare',
  sinks,
  // It has nothing to do but wait.
  deadlineMs: 20_000,
  log,
});
const prepared = new Map<number, Prepared>();

async function prepare(gateway: string, first: number, count: number): Promise<void> {
  prepared.clear();
  const memory = memoryStore({ sinks });
  let kept: KeptText | null = null;
  const watched: Store = {
    ...memory,
    // Every number is new, and the memory is not meant for thousands.
    threadsOf: () => Promise.resolve([]),
    keepText: (text) => {
      kept = text;
      return memory.keepText(text);
    },
  };
  const desk = new TextDesk({
    store: watched,
    patience: new Patience(watched, clock),
    clock,
    log,
    observer: { textTaken: () => undefined, outgoing: () => undefined },
    rules: words.rules,
    centre: settings.centre.code,
    isFor: (to) => forCentre(to, words.centres),
    wayTo: () => null,
    newCommitId: () => randomUUID(),
    sendingChanged: () => undefined,
    outboxChanged: () => undefined,
  });
  for (let n = first; n < first + count; n++) {
    await desk.text(heardBy(gateway, written(n)));
    await desk.idle();
    const commit = memory.saved.at(-1);
    if (kept === null || commit === undefined || commit.incidents?.length !== 1) throw new Error(`text ${n} opened no incident`);
    prepared.set(n, { kept, commit });
  }
  desk.stop();
}

async function write(n: number): Promise<void> {
  const one = prepared.get(n);
  if (one === undefined) throw new Error(`text ${n} is not prepared`);
  const answer = await store.keepText(one.kept);
  const verdict = await store.commit(one.commit);
  if (answer !== 'kept' || verdict.is !== 'saved') throw new Error(`text ${n}: ${answer}, ${verdict.is}`);
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const _ of request);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bare.invalid');
  if (pathname === '/prepare') {
    await prepare(searchParams.get('gateway') ?? '', Number(searchParams.get('first')), Number(searchParams.get('count')));
  } else await write(Number(pathname.slice('/texts/'.length)));
  response.end();
}

const server = createServer((request, response) => {
  take(request, response).catch((thrown: unknown) => response.writeHead(500).end(wordsOf(thrown)));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit(0));
