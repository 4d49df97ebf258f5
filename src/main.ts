/**
 * One controller: the only file that knows everybody. Start order: settings, log, prompts, store, exchange, control room, API, serve.
 * Stop order: quiet, drain, close; callers stay in Asterisk for the next life. Exits 2 where the settings are wrong, 1 where something
 * broke that nobody expected (the launcher starts it again, and it takes up where it stood).
 */
import { randomUUID } from 'node:crypto';
import { openFallbackSpool } from './asterisk/fallback-spool.ts';
import { loadPromptLibrary } from './asterisk/prompt-library.ts';
import { openTelephony } from './asterisk/telephony.ts';
import { openSipTexts } from './asterisk/texts.ts';
import { clock, monotonic } from './clock.ts';
import { loadSettings, projectFiles } from './config.ts';
import { loadWords } from './config/words.ts';
import { openControlRoom } from './control/control-room.ts';
import type { TextGateway } from './control/text-ports.ts';
import { openSink } from './dispatch/webhook.ts';
import { makeMetrics } from './http/metrics.ts';
import { openHttp } from './http/server.ts';
import { isFault, wordsOf } from './kernel/faults.ts';
import { callTakerId } from './kernel/ids.ts';
import type { GatewaySettings } from './config/gateway-settings.ts';
import { openLog } from './log.ts';
import { openColleagues } from './redis/colleagues.ts';
import { openStore } from './redis/store.ts';
import { openCentreGateway } from './sms-gateways/centre.ts';
import { CMPP_USUAL, openCmpp } from './sms-gateways/cmpp.ts';
import { openHttpGateway } from './sms-gateways/http.ts';
import { openSmpp, SMPP_USUAL } from './sms-gateways/smpp.ts';
import { forCentre } from './sms/short-number.ts';

/** An entry under way is not taken by another before its delivery has certainly ended. */
const LEASE_SLACK_MS = 25_000;
/** Longer than the slowest gateway takes to leave its carrier, and shorter than the launcher waits. */
const STOP_WITHIN_MS = 13_000;
const SIP_ANSWER_MS = 4000;

/** What is wrong with settings, prompts or words is told whole, and ends this life: another start would not mend it. */
function orExit<T>(load: () => T): T {
  try {
    return load();
  } catch (thrown) {
    if (!isFault(thrown, 'invalid')) throw thrown;
    process.stderr.write(`${thrown.message}:\n${thrown.details.map((detail) => `  - ${detail}\n`).join('')}`);
    process.exit(2);
  }
}

const settings = orExit(() => loadSettings());
const log = openLog({ level: settings.logLevel });
const prompts = orExit(() => loadPromptLibrary(settings.folders.prompts, settings.languages));
if (prompts.placeholders.length > 0) {
  log.warn(
    { placeholders: prompts.placeholders.length },
    'these prompts are spoken by a machine until recordings take their place; see docs/prompts.md',
  );
}
const words = orExit(() => loadWords(settings, projectFiles()));
const { instance, centre } = settings;
const sinkNames = settings.sinks.map(({ name }) => name);

const records = {
  url: settings.redis.url,
  ...(settings.redis.password === null ? {} : { password: settings.redis.password }),
  centre: centre.code,
  instance,
  log,
};
const store = await openStore({ ...records, sinks: sinkNames });
const colleagues = openColleagues(records);
if (!store.isPresent()) log.warn({}, 'Redis cannot be reached yet; waiting, and callers are served by the fallback meanwhile');

const telephony = openTelephony({
  ariUrl: settings.ari.url,
  ariUser: settings.ari.user,
  ariPassword: settings.ari.password,
  instance,
  ami: settings.ami,
  prompts,
  emergencyNumber: settings.sip.emergencyNumbers[0] ?? '110',
  log,
});
/** How the gateway that leads to a centre is called. */
const wayTo = (centreCode: string): string => `centre-${centreCode}`;

function gatewayOf(of: GatewaySettings): TextGateway {
  switch (of.kind) {
    case 'smpp':
      return openSmpp({ ...SMPP_USUAL, ...of }, { clock, log });
    case 'cmpp':
      return openCmpp({ ...CMPP_USUAL, ...of }, { clock, log });
    case 'http':
      return openHttpGateway(of, { clock, log });
    case 'sip':
      return openSipTexts(
        {
          name: of.name,
          ariUrl: settings.ari.url,
          ariUser: settings.ari.user,
          ariPassword: settings.ari.password,
          instance,
          spoolFolder: settings.folders.textSpool,
          trunkContact: settings.sip.trunkContact,
          answerWithinMs: SIP_ANSWER_MS,
        },
        { clock, log },
      );
  }
}
const ways = settings.texts.ways.map((way) => openCentreGateway({ ...way, name: wayTo(way.code) }, { clock, log }));
const waysByName = new Set(ways.map(({ name }) => name));

const metrics = makeMetrics(centre.code);
const control = openControlRoom({
  store,
  telephony,
  colleagues,
  spool: openFallbackSpool(settings.folders.fallbackSpool),
  sinks: settings.sinks.map((sink) => ({
    sink: openSink({ ...sink, agency: { domain: centre.agency, name: centre.name } }, log),
    backoffMs: sink.backoffMs,
    maxAttempts: sink.maxAttempts,
    concurrency: sink.concurrency,
    leaseMs: sink.timeoutMs + LEASE_SLACK_MS,
  })),
  clock,
  monotonic,
  log,
  observer: metrics.observer,
  rules: { ...settings.rules, ...settings.desk, waitSamples: settings.waitSamples },
  centre: centre.code,
  language: settings.languages[0],
  languagesByNumber: settings.sip.languagesByNumber,
  timeZone: centre.timeZone,
  parallel: settings.volunteers.parallel,
  firstRoster: settings.volunteers.rows,
  callTakers: settings.callTakers.map(({ id, name, endpoint }) => ({ id: callTakerId(id), name, endpoint })),
  texts: {
    gateways: [...settings.texts.gateways.map(gatewayOf), ...ways],
    rules: words.rules,
    isFor: (to) => forCentre(to, words.centres),
    wayTo: (code) => (waysByName.has(wayTo(code)) ? wayTo(code) : null),
  },
  newCommitId: () => randomUUID(),
  troubles: () => [{ part: 'prompts', trouble: null }],
});
const http = await openHttp({ ...settings.http, room: control.room, tokens: settings.tokens, log, centre: centre.code, metrics });
log.info({ url: http.url, instance }, 'the API answers; not ready before Redis and Asterisk are reached');

let isStopping = false;
async function stop(why: string, code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({}, `stopping: ${why}`);
  setTimeout(() => {
    log.error({}, 'did not stop in time');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  try {
    await control.stop();
    await http.close();
    await telephony.close();
    await colleagues.close();
    await store.close();
  } catch (thrown) {
    log.error({}, `while stopping: ${wordsOf(thrown)}`);
    process.exit(1);
  }
  process.exit(code);
}

process.on('SIGTERM', () => void stop('SIGTERM', 0));
process.on('SIGINT', () => void stop('SIGINT', 0));
process.on('uncaughtException', (thrown) => {
  log.error({ error: wordsOf(thrown), stack: thrown.stack ?? '' }, 'something broke that nobody expected');
  void stop('unexpected', 1);
});
/** The tokens file may change while we run: a stolen token is revoked without a restart. */
process.on('SIGHUP', () => {
  try {
    http.reloadTokens(loadSettings().tokens);
    log.info({}, 'tokens read again');
  } catch (thrown) {
    log.error(
      {},
      `tokens not read again, the old ones stay: ${isFault(thrown) ? [thrown.message, ...thrown.details].join('; ') : wordsOf(thrown)}`,
    );
  }
});

await control.start();
log.info({ instance }, 'ready: callers are taken in');
