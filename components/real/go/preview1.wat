;; What a Go program asks of WASI preview 1 before and while it runs, without files, arguments or environment.
;;
;; The usual adapter is of no use here: it asks the guest for memory while the guest starts, and Go answers only when it has.
;; This one needs 16 bytes; Go leaves the first 4 KiB of its memory alone.
(module
  (import "wasi:clocks/monotonic-clock@0.2.2" "now" (func $monotonic (result i64)))
  (import "wasi:clocks/wall-clock@0.2.2" "now" (func $wall (param i32)))
  (import "wasi:random/random@0.2.2" "get-random-u64" (func $random (result i64)))
  (import "env" "memory" (memory 0))
  (global $scratch i32 (i32.const 1024))

  (func $nothing (param $count i32) (param $bytes i32) (result i32)
    (i32.store (local.get $count) (i32.const 0))
    (i32.store (local.get $bytes) (i32.const 0))
    (i32.const 0))
  (func $done (param i32 i32) (result i32) (i32.const 0))
  (func $bad-descriptor (param i32 i32) (result i32) (i32.const 8))
  (export "args_sizes_get" (func $nothing))
  (export "args_get" (func $done))
  (export "environ_sizes_get" (func $nothing))
  (export "environ_get" (func $done))
  (export "fd_fdstat_get" (func $bad-descriptor))
  (export "fd_fdstat_set_flags" (func $bad-descriptor))
  (export "fd_prestat_get" (func $bad-descriptor))
  (func (export "fd_prestat_dir_name") (param i32 i32 i32) (result i32) (i32.const 8))
  (func (export "fd_close") (param i32) (result i32) (i32.const 8))
  (func (export "sched_yield") (result i32) (i32.const 0))
  (func (export "proc_exit") (param i32) unreachable)

  (func (export "clock_time_get") (param $clock i32) (param $precision i64) (param $to i32) (result i32)
    (if (local.get $clock)
      (then (i64.store (local.get $to) (call $monotonic)))
      (else
        (call $wall (global.get $scratch))
        (i64.store (local.get $to)
          (i64.add
            (i64.mul (i64.load (global.get $scratch)) (i64.const 1000000000))
            (i64.load32_u offset=8 (global.get $scratch))))))
    (i32.const 0))

  ;; Random bytes, eight at a time; the last ones singly.
  (func (export "random_get") (param $to i32) (param $length i32) (result i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (local.get $length)))
    (block $full
      (loop $next
        (br_if $full (i32.gt_u (i32.add (local.get $to) (i32.const 8)) (local.get $end)))
        (i64.store (local.get $to) (call $random))
        (local.set $to (i32.add (local.get $to) (i32.const 8)))
        (br $next)))
    (block $all
      (loop $next
        (br_if $all (i32.ge_u (local.get $to) (local.get $end)))
        (i32.store8 (local.get $to) (i32.wrap_i64 (call $random)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  ;; Takes what is written and keeps none of it.
  (func (export "fd_write") (param $fd i32) (param $vectors i32) (param $count i32) (param $written i32) (result i32)
    (local $sum i32)
    (block $all
      (loop $next
        (br_if $all (i32.eqz (local.get $count)))
        (local.set $sum (i32.add (local.get $sum) (i32.load offset=4 (local.get $vectors))))
        (local.set $vectors (i32.add (local.get $vectors) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (i32.store (local.get $written) (local.get $sum))
    (i32.const 0))

  ;; Time is over at once: Go only sleeps here to let other threads go on, and there are none.
  (func (export "poll_oneoff") (param $subscriptions i32) (param $events i32) (param $count i32) (param $happened i32) (result i32)
    (memory.fill (local.get $events) (i32.const 0) (i32.const 32))
    (i64.store (local.get $events) (i64.load (local.get $subscriptions)))
    (i32.store (local.get $happened) (i32.const 1))
    (i32.const 0)))
