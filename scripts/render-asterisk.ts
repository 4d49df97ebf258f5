/**
 * Writes the folder that one Asterisk runs from, by the same settings and templates as `npm start`, makes the secrets that are
 * missing, and prints the path of its asterisk.conf. For a container or a service of one's own:
 *
 *   exec asterisk -f -n -C "$(node scripts/render-asterisk.ts)"
 */
import { isFault, wordsOf } from '../src/kernel/faults.ts';
import { loadSettings, outlineOf } from '../src/config.ts';
import { planAsterisk } from './stack/asterisk.ts';
import { asteriskFolders, runtimeFolder } from './stack/runtime.ts';
import { makeSecrets } from './stack/secrets.ts';

try {
  makeSecrets(outlineOf(process.env));
  const plan = await planAsterisk({ asterisk: 'asterisk', ...asteriskFolders(runtimeFolder()) }, loadSettings());
  process.stdout.write(`${plan.args.at(-1)}\n`);
} catch (failed) {
  const details = isFault(failed) ? failed.details : [];
  process.stderr.write(`${[wordsOf(failed), ...details.map((detail) => `  - ${detail}`)].join('\n')}\n`);
  process.exitCode = isFault(failed, 'invalid') ? 2 : 1;
}
