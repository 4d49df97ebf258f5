/**
 * `npm start`: the whole stack on this machine until Ctrl-C. Says what listens where and what to do next.
 * Exits 0 after Ctrl-C, 2 where settings are wrong, 1 where it could not start.
 */
import { isFault, wordsOf } from '../src/kernel/faults.ts';
import { startStack, type Stack } from './stack/stack.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (line: string): void => say(`${new Date().toISOString().slice(11, 19)}  ${line}`);

function welcome({ settings, url, tokensFile, texts }: Stack): void {
  const { sip, folders, callTakers, sinks } = settings;
  const [first] = callTakers;
  const server = `${sip.host}:${sip.port}`;
  say('');
  say('  intake110 is up. Ctrl-C ends it.');
  say('');
  say(
    `  callers      ${sip.emergencyNumbers.map((number) => `sip:${number}@${server}`).join(', ')} (UDP), from ${sip.trunkAddresses.join(', ')}`,
  );
  say(`  phones       register at ${server} as ${callTakers.map(({ endpoint }) => endpoint).join(', ')}`);
  say(`               passwords: ${folders.phoneSecrets}/<name>`);
  say(`  API          ${url}/api/v1, described at ${url}/docs`);
  say(`               tokens: ${tokensFile}`);
  say(`  texts        ${textsLine({ settings, texts })}`);
  if (texts !== null) say(`               token: ${texts.tokenFile}`);
  say(`  health       ${url}/healthz  ${url}/readyz  ${url}/metrics`);
  say(
    `  incidents    ${sinks.length === 0 ? 'nowhere yet: set DISPATCH_WEBHOOK_URL and DISPATCH_WEBHOOK_SECRET' : sinks.map(({ name, url: to }) => `${name}: ${to}`).join(', ')}`,
  );
  say(`  state, logs  ${folders.state}`);
  say('');
  if (first !== undefined) {
    say(`  A call taker signs on so, once the phone is registered:`);
    say(`    token=$(sed -n 's/^call-taker-${first.id}: //p' '${tokensFile}')`);
    say(
      `    curl -X PUT -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"state":"ready"}' ${url}/api/v1/call-takers/${first.id}/state`,
    );
    say('');
  }
  if (texts !== null) {
    say('  A text to 12110 is handed in so, and its incident is the newest one then:');
    say(
      `    curl -H "Authorization: Bearer $(cat '${texts.tokenFile}')" -H 'Content-Type: application/json' -d '{"id":"'$(date +%s)'","from":"13800000110","to":"12110","text":"刚才在中央大街有人打架，旁边路灯杆编号1030507"}' ${texts.url}`,
    );
    say(`    curl -H "Authorization: Bearer $(sed -n 's/^supervisor: //p' '${tokensFile}')" '${url}/api/v1/incidents?limit=1'`);
    say('');
  }
}

function textsLine({ settings, texts }: Pick<Stack, 'settings' | 'texts'>): string {
  if (texts !== null) return `${texts.url}, by HTTP`;
  const names = settings.texts.gateways.map(({ name, kind }) => `${name} (${kind})`);
  return names.length === 0 ? `by no gateway: none stands in ${settings.folders.gatewaysFile}` : names.join(', ');
}

const asked = new Promise<string>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
});

try {
  const starting = startStack({ tell, takesTexts: true });
  const first = await Promise.race([starting, asked]);
  if (typeof first === 'string') tell('stopping as soon as the start has come to an end');
  const stack = await starting;
  if (typeof first !== 'string') welcome(stack);
  tell(`stopping (${await asked})`);
  await stack.stop();
  tell('everything has ended');
} catch (failed) {
  const words = isFault(failed, 'invalid') ? [failed.message, ...failed.details.map((detail) => `  - ${detail}`)] : [wordsOf(failed)];
  process.stderr.write(`${words.join('\n')}\n`);
  process.exitCode = isFault(failed, 'invalid') ? 2 : 1;
}
