/**
 * `npm run bench`: the list of measurements, or one of them. Exits 0 when it was measured, 1 when it could not be, 2 when it was asked
 * for wrongly. Writes nothing but what is asked for with --json.
 */
import { parseArgs } from 'node:util';
import { isFault, wordsOf } from '../src/kernel/faults.ts';
import { measureAssignment } from './assignment.ts';
import { measureFailover } from './failover.ts';
import { measureHostile } from './hostile.ts';
import { measureInterpreter } from './interpreter.ts';
import { measureTexts } from './texts.ts';
import { GATEWAYS } from './texts-report.ts';

const LIST = `Measurements (npm run bench -- NAME [OPTION...]):

  assignment   from a call taker's hang-up to the next caller's INVITE at the same phone, beside app_queue; about 4 minutes
                 --rounds N        hang-ups for each side and size; the quicker sides get more in the same time (8)
                 --waiting A,B,…   callers waiting for each side (1,10,100)
                 --tail N          hang-ups of ours at the largest size, for the 99th percentile (100)
                 --json FILE       every single figure as JSON

  interpreter  from the request for an interpreter to the volunteer's phone, and from the volunteer's key to the ears of both others,
               beside ConfBridge; about 5 minutes
                 --rounds N        rounds of each side, turn about (30; the short form is 10)
                 --json FILE       every single figure as JSON

  texts        texts a second from the gateway to the durable incident, beside a bare loop of the same Redis writes and HTTP 200; about
               6 minutes
                 --gateways A,B,…  which of ${GATEWAYS.join(', ')} (all)
                 --rounds N        turns of each side for each gateway and load (5)
                 --texts N         texts of one turn (600)
                 --windows A,B,…   texts unacknowledged at a time (16,64)
                 --pace N          texts a second of the turns in which nobody hurries; 0: none (50)
                 --json FILE       every single figure as JSON

  hostile      from a caller's INVITE to the INVITE at the call taker's phone, with every door under attack and without; about 3 minutes
                 --rounds N        blocks of each side, turn about (8; the short form is 2)
                 --callers N       callers of a block (60)
                 --json FILE       every single figure as JSON

  failover     from a controller's death, and from its being asked to leave, to the next caller's INVITE by the other one, beside the bare
               cost of starting a process and listing channels; about 4 minutes
                 --rounds N        rounds of each (10)
                 --waiting N       callers waiting in each round (3)
                 --json FILE       every single figure as JSON
`;

const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);

/** Handled by whoever races with it; what was started must be ended before this process is. */
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => reject(new Error(`ended by ${signal}`)));
});
interrupted.catch(() => undefined);

class Misasked extends Error {}

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw new Misasked(`--${name} must be a whole number of at least ${least}, not "${text}"`);
  return number;
}

async function run(name: string | undefined, args: string[]): Promise<number> {
  if (name === undefined) {
    process.stdout.write(LIST);
    return 0;
  }
  switch (name) {
    case 'assignment':
      return (await assignment(args)) ? 0 : 1;
    case 'interpreter':
      return (await interpreter(args)) ? 0 : 1;
    case 'texts':
      return (await texts(args)) ? 0 : 1;
    case 'hostile':
      return (await hostile(args)) ? 0 : 1;
    case 'failover':
      return (await failover(args)) ? 0 : 1;
    default:
      throw new Misasked(`there is no measurement "${name}"\n\n${LIST}`);
  }
}

function assignment(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '8' },
      waiting: { type: 'string', default: '1,10,100' },
      tail: { type: 'string', default: '100' },
      json: { type: 'string' },
    },
  });
  const wishes = {
    rounds: whole('rounds', values.rounds, 1),
    sizes: values.waiting.split(',').map((size) => whole('waiting', size, 1)),
    tailRounds: whole('tail', values.tail, 0),
    jsonFile: values.json ?? null,
  };
  return measureAssignment(wishes, say, interrupted);
}

function interpreter(args: string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '30' }, json: { type: 'string' } } });
  return measureInterpreter({ rounds: whole('rounds', values.rounds, 1), jsonFile: values.json ?? null }, say, interrupted);
}

function hostile(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '8' }, callers: { type: 'string', default: '60' }, json: { type: 'string' } },
  });
  const wishes = {
    rounds: whole('rounds', values.rounds, 1),
    callers: whole('callers', values.callers, 1),
    jsonFile: values.json ?? null,
  };
  return measureHostile(wishes, say, interrupted);
}

function texts(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      gateways: { type: 'string', default: GATEWAYS.join(',') },
      rounds: { type: 'string', default: '5' },
      texts: { type: 'string', default: '600' },
      windows: { type: 'string', default: '16,64' },
      pace: { type: 'string', default: '50' },
      json: { type: 'string' },
    },
  });
  const gateways = values.gateways.split(',').map((wanted) => {
    const gateway = GATEWAYS.find((one) => one === wanted);
    if (gateway === undefined) throw new Misasked(`--gateways must be some of ${GATEWAYS.join(', ')}, not "${wanted}"`);
    return gateway;
  });
  const wishes = {
    gateways,
    rounds: whole('rounds', values.rounds, 1),
    texts: whole('texts', values.texts, 1),
    windows: values.windows.split(',').map((window) => whole('windows', window, 1)),
    pace: whole('pace', values.pace, 0),
    jsonFile: values.json ?? null,
  };
  return measureTexts(wishes, say, interrupted);
}

function failover(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '10' }, waiting: { type: 'string', default: '3' }, json: { type: 'string' } },
  });
  const wishes = { rounds: whole('rounds', values.rounds, 1), waiting: whole('waiting', values.waiting, 1), jsonFile: values.json ?? null };
  return measureFailover(wishes, say, interrupted);
}

try {
  const [name, ...args] = process.argv.slice(2);
  process.exit(await run(name, args));
} catch (failed) {
  const misasked = failed instanceof Misasked || (failed instanceof TypeError && 'code' in failed);
  const words = isFault(failed) ? [failed.message, ...failed.details.map((detail) => `  - ${detail}`)].join('\n') : wordsOf(failed);
  process.stderr.write(`${words}\n`);
  process.exit(misasked ? 2 : 1);
}
