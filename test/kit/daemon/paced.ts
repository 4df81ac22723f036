/** Calls `turn` for the n-th time `n × everyMs` after the start: late at times, but never adrift as an interval is. */
export function paced(everyMs: number, turn: (n: number) => void): () => void {
  const startMs = performance.now();
  let n = 0;
  const timer = setInterval(() => {
    for (; n * everyMs <= performance.now() - startMs; n++) turn(n);
  }, 2);
  return () => clearInterval(timer);
}
