// How a thread shows that its event loop turns, and obeys what its host writes beside it (heartbeat.ts). Apart from the
// watching: main watches a thread and never beats.
import { threadId } from 'node:worker_threads';
import { BEAT_EVERY_MS, heartWord } from './heartbeat.ts';
import { ownThreadId } from './kernel-thread.ts';
import { obeyRest } from './slow-down.ts';

/** Beats until the returned function is called. Keeps the thread alive: an actor that waits is not at its end. */
export function startBeating(heart: Int32Array): () => void {
  const beat = beginBeating(heart);
  const timer = setInterval(beat, BEAT_EVERY_MS);
  return () => clearInterval(timer);
}

/** The first beat; returns what the thread is to call for each further one. */
export function beginBeating(heart: Int32Array): () => void {
  Atomics.store(heart, heartWord.tid, ownThreadId());
  Atomics.store(heart, heartWord.startedAt, Math.floor(Date.now() / 1_000));
  Atomics.store(heart, heartWord.thread, threadId);
  const beat = (): void => {
    Atomics.add(heart, heartWord.beats, 1);
    obeyRest(heart, heartWord.restMs);
  };
  beat();
  return beat;
}
