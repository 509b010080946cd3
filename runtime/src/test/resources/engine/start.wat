;; Counts in its start function what a snapshot must not run again.
(module
  (import "h" "started" (func $started))
  (memory (export "memory") 1)
  (start $start)
  (func $start (i32.store (i32.const 0) (i32.const 77)) (call $started)))
