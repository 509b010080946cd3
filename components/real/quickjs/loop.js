// A loop of JavaScript, which `benchmarks/run kernels` times.
export function loop(n) {
  let s = 0;
  for (let i = 0; i < n; i++) {
    s = (s + i * 3) & 0xffff;
  }
  return s;
}
