/**
 * Texts to durable incident, for each gateway, beside a bare loop of the same Redis writes and HTTP 200, in one run, turn about.
 *
 * What makes it fair: one Redis for both sides, one process that hands in for both, texts of one kind in the same number and with as
 * many unacknowledged; what the bare loop writes was made by our own desk of texts. What ours does besides (receipts to the reporters,
 * handovers to the dispatch side) goes on during its turn and has ended before the next turn begins.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ensureRuntime } from '../scripts/stack/runtime.ts';
import { openWebhookSink } from '../scripts/stack/sink.ts';
import { wordsOf } from '../src/kernel/faults.ts';
import { openHouse } from './house.ts';
import { loadNow, machineOf } from './machine.ts';
import { openCarriers, type Carrier } from './texts-carriers.ts';
import { isMeasured, report, type GatewayName, type Load, type Series, type TextsMeasurement, type Turn } from './texts-report.ts';
import { bareSide, ourSide, openBare, openRecords, type Side } from './texts-sides.ts';

export interface TextsWishes {
  readonly gateways: readonly GatewayName[];
  /** Turns of each side that count, for each gateway and load. */
  readonly rounds: number;
  /** Texts of one turn. */
  readonly texts: number;
  /** Unacknowledged at a time. */
  readonly windows: readonly number[];
  /** Texts a second of the turns in which nobody hurries; 0: there are none. */
  readonly pace: number;
  readonly jsonFile: string | null;
}

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** How long a turn lasts in which nobody hurries. */
const PACED_S = 4;
/** Texts of each side and gateway that are not counted: programs warm up. */
const WARM_UP = 300;

/** Answers whether every gateway was measured. `interrupted` rejects when it is to end at once; whatever was started is ended all the same. */
export async function measureTexts(wishes: TextsWishes, tell: (line: string) => void, interrupted: Promise<never>): Promise<boolean> {
  const loadBefore = loadNow();
  const runtime = await ensureRuntime();
  const endings: (() => Promise<unknown>)[] = [];
  const measured = async (): Promise<TextsMeasurement> => {
    const carriers = await openCarriers();
    for (const carrier of carriers) endings.push(() => carrier.close());
    const sink = await openWebhookSink({ secrets: [SECRET] });
    endings.push(() => sink.stop());
    const more = (folder: string) => settingsOf(folder, carriers, sink.url);
    const house = await openHouse({ callTakers: ['1001'], patienceSeconds: 60, beside: null, more, tell });
    endings.push(() => house.stop());
    const records = await openRecords(house);
    endings.push(() => records.close());
    const bare = await openBare(house);
    endings.push(() => bare.stop());
    const machine = await machineOf(house, runtime, loadBefore);
    const series: Series[] = [];
    for (const carrier of carriers.filter(({ name }) => wishes.gateways.includes(name))) {
      const sides: Sides = [ourSide(carrier, records, house), bareSide(carrier.name, bare)];
      tell(`${carrier.name}: warming up`);
      for (const side of sides) await side.turn({ window: 16 }, WARM_UP);
      const loads: readonly Load[] = [...wishes.windows.map((window) => ({ window })), ...(wishes.pace > 0 ? [{ pace: wishes.pace }] : [])];
      for (const load of loads) {
        tell(`${carrier.name}: ${wishes.rounds} rounds of ${JSON.stringify(load)}`);
        series.push({ gateway: carrier.name, load, ...(await roundsOf(sides, load, wishes)) });
      }
    }
    return { machine: { ...machine, loadAfter: loadNow() }, texts: wishes.texts, series };
  };
  try {
    const measurement = await Promise.race([measured(), interrupted]);
    process.stdout.write(report(measurement));
    if (wishes.jsonFile !== null) await writeFile(wishes.jsonFile, `${JSON.stringify(measurement, null, 2)}\n`);
    return isMeasured(measurement);
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}

type Sides = readonly [Side, Side];

/** The one and the other begin in turn. A round in which either side broke off is odd: it is named and not counted. */
async function roundsOf([ours, bare]: Sides, load: Load, wishes: TextsWishes): Promise<Pick<Series, 'rounds' | 'odd'>> {
  const texts = 'pace' in load ? load.pace * PACED_S : wishes.texts;
  const rounds: [Turn, Turn][] = [];
  const odd: string[] = [];
  for (let round = 0; round < wishes.rounds; round++) {
    try {
      const before = round % 2 === 0 ? null : await bare.turn(load, texts);
      const mine = await ours.turn(load, texts);
      rounds.push([mine, before ?? (await bare.turn(load, texts))]);
    } catch (thrown) {
      odd.push(wordsOf(thrown));
    }
  }
  return { rounds, odd };
}

async function settingsOf(folder: string, carriers: readonly Carrier[], sinkUrl: string): Promise<Readonly<Record<string, string>>> {
  const path = join(folder, 'gateways.yaml');
  const gateways = await Promise.all(carriers.map((carrier) => carrier.settings(folder)));
  await writeFile(path, stringify({ gateways }), { mode: 0o600 });
  return {
    ...Object.assign({}, ...carriers.map(({ env }) => env)),
    INTAKE_GATEWAYS_FILE: path,
    DISPATCH_WEBHOOK_URL: sinkUrl,
    DISPATCH_WEBHOOK_SECRET: SECRET,
    DISPATCH_WEBHOOK_ALLOW_PRIVATE: 'yes',
  };
}
