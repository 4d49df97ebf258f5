/**
 * What this process itself feels: how late its event loop runs, its memory and its processor time.
 * Never says anything about calls.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from '@prometheus-io/client';

const RESOLUTION_MS = 10;
/** The delay figures speak of at least this long, so that two scrapers see the same spike. */
const WINDOW_MS = 30_000;

export interface MachineFigures {
  /** Brings the gauges up to now; called before each scrape. */
  read(): void;
  close(): void;
}

export function machineFigures(registry: Registry): MachineFigures {
  const registers = [registry];
  const delay = new Gauge({
    name: 'intake_event_loop_delay_seconds',
    help: 'How late the event loop runs, by quantile, over the last half minute or more',
    labelNames: ['quantile'],
    registers,
  });
  const worst = new Gauge({ name: 'intake_event_loop_delay_max_seconds', help: 'The worst delay in the same time', registers });
  const resident = new Gauge({ name: 'process_resident_memory_bytes', help: 'Memory held by the process', registers });
  const heap = new Gauge({ name: 'nodejs_heap_size_used_bytes', help: 'JavaScript heap in use', registers });
  const started = new Gauge({ name: 'process_start_time_seconds', help: 'Start of the process, Unix time', registers });
  const cpu = new Counter({ name: 'process_cpu_seconds_total', help: 'Processor time used', registers });
  started.set(Math.round(Date.now() / 1000 - process.uptime()));

  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let since = performance.now();
  let cpuTold = 0;
  /** The histogram holds whole intervals of the watching timer; what is beyond its resolution is delay. */
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000);

  return {
    read() {
      if (histogram.count > 0) {
        delay.set({ quantile: '0.5' }, seconds(histogram.percentile(50)));
        delay.set({ quantile: '0.99' }, seconds(histogram.percentile(99)));
        worst.set(seconds(histogram.max));
      }
      if (performance.now() - since > WINDOW_MS) {
        histogram.reset();
        since = performance.now();
      }
      const memory = process.memoryUsage();
      resident.set(memory.rss);
      heap.set(memory.heapUsed);
      const { user, system } = process.cpuUsage();
      const used = (user + system) / 1e6;
      cpu.inc(used - cpuTold);
      cpuTold = used;
    },
    close() {
      histogram.disable();
    },
  };
}
