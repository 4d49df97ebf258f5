/**
 * Callers by SIPp: exact signalling, many at a time, each with a number of its own. They echo every sound they hear.
 * Ended by their pid; what they saw of failures is in `complaints`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/stack/ports.ts';
import { HOST } from './loopback.ts';
import type { SipServer } from './phone.ts';

export interface SippPlan {
  /** One call for each, in this order. */
  readonly numbers: readonly string[];
  /** Calls a second; 5 unless given. */
  readonly rate?: number;
  /** Waits to be hung up on, or hangs up so long after the answer. */
  readonly then: 'wait' | { readonly hangUpAfterMs: number };
  /** The From header without its tag; `[number]` stands for the caller's number. */
  readonly from?: string;
  /** More header lines of the INVITE. */
  readonly headers?: readonly string[];
  readonly dialled?: string;
  /** Where they call from; 127.0.0.1 unless given. */
  readonly address?: string;
  /** The final answer to the INVITE that is expected; 200 unless given. */
  readonly answer?: number;
}

export interface SippCallers {
  /** Settles with the exit code when every call is over: 0 where all went as planned. */
  readonly ended: Promise<number | null>;
  /** What did not go as planned, as SIPp logged it. */
  complaints(): string;
  stop(): Promise<void>;
}

let runs = 0;

/** `folder`: for the scenario and SIPp's logs. */
export async function startSipp(program: string, folder: string, server: SipServer, plan: SippPlan): Promise<SippCallers> {
  runs += 1;
  const name = `callers-${process.pid}-${runs}`;
  writeFileSync(join(folder, `${name}.xml`), scenario(plan));
  writeFileSync(join(folder, `${name}.csv`), `SEQUENTIAL\n${plan.numbers.join('\n')}\n`);
  const { address = HOST } = plan;
  const port = String(await freePort('udp', address));
  const media = String(await freePort('udp', address));
  const args = [`${server.host}:${server.port}`, '-sf', `${name}.xml`, '-inf', `${name}.csv`, '-i', address, '-p', port]
    .concat(['-mi', address, '-mp', media, '-rtp_echo', '-m', String(plan.numbers.length), '-l', String(plan.numbers.length)])
    .concat(['-r', String(plan.rate ?? 5), '-trace_err', '-nostdin', '-timeout', '120', '-timeout_error']);
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  return {
    ended,
    complaints: () =>
      readdirSync(folder)
        .filter((file) => file.startsWith(`${name}_`) && file.endsWith('_errors.log'))
        .map((file) => readFileSync(join(folder, file), 'utf8'))
        .join('\n'),
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function scenario({
  then,
  dialled = '110',
  from = '"" <sip:[number]@[local_ip]:[local_port]>',
  headers = [],
  answer = 200,
}: SippPlan): string {
  const caller = from.replaceAll('[number]', '[field0]');
  const head = (method: string, to: string, more: readonly string[] = []): readonly string[] => [
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]`,
    `From: ${caller};tag=[pid]t[call_number]`,
    to,
    'Call-ID: [call_id]',
    `CSeq: ${method === 'BYE' ? 2 : 1} ${method}`,
    'Max-Forwards: 70',
    ...more,
  ];
  const to = `To: <sip:${dialled}@[remote_ip]:[remote_port]>`;
  const toTagged = `${to}[peer_tag_param]`;
  const uri = `sip:${dialled}@[remote_ip]:[remote_port]`;
  const send = (first: string, lines: readonly string[], body: readonly string[] = [], more = ''): string =>
    `<send${more}><![CDATA[\n${[`${first} SIP/2.0`, ...lines, 'Content-Length: [len]', '', ...body].join('\n')}\n]]></send>`;
  const sdp = ['v=0', 'o=- 1 1 IN IP4 [local_ip]', 's=-', 'c=IN IP4 [media_ip]', 't=0 0', 'm=audio [media_port] RTP/AVP 8'];
  const contact = 'Contact: <sip:caller@[local_ip]:[local_port]>';
  const invite = send(`INVITE ${uri}`, head('INVITE', to, [contact, ...headers, 'Content-Type: application/sdp']), [
    ...sdp,
    'a=rtpmap:8 PCMA/8000',
  ]);
  const ack = send(`ACK ${uri}`, head('ACK', toTagged));
  const bye = `${send(`BYE ${uri}`, head('BYE', toTagged), [], ' retrans="500"')}<recv response="200"/>`;
  const provisional = '<recv response="100" optional="true"/><recv response="180" optional="true"/>';
  const hungUp = '<recv request="BYE" timeout="110000"/>' + okToBye;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="caller">\n${steps()}\n</scenario>\n`;

  function steps(): string {
    const sent = invite.replace('<send>', '<send retrans="500">');
    if (answer !== 200) return [sent, provisional, `<recv response="${answer}"/>`, ack].join('\n');
    const opening = [sent, provisional, '<recv response="200"/>', ack];
    return (then === 'wait' ? [...opening, hungUp] : [...opening, `<pause milliseconds="${then.hangUpAfterMs}"/>`, bye]).join('\n');
  }
}

const okToBye = `<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>`;
