;; A start function makes a thread that waits to be let run (CancellingTest).
;; wasm-tools parse early-thread.wat | wasm-tools strip --all -o early-thread.wasm
(component
  (core module $Table (table (export "table") 1 funcref))
  (core instance $table (instantiate $Table))
  (core module $Threads
    (import "" "table" (table 1 funcref))
    (global $ran (export "ran") (mut i32) (i32.const 0))
    (elem (i32.const 0) func $run)
    (func $run (param i32) (global.set $ran (i32.add (global.get $ran) (local.get 0)))))
  (core instance $threads (instantiate $Threads (with "" (instance
    (export "table" (table $table "table"))))))
  (core type $begin (func (param i32)))
  (core func $new (canon thread.new-indirect $begin (core table $table "table")))
  (core func $run-now (canon thread.yield-then-resume))
  (core module $Code
    (import "" "ran" (global $ran (mut i32)))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "run-now" (func $run-now (param i32) (result i32)))
    (global $thread (mut i32) (i32.const 0))
    (start $start)
    (func $start (global.set $thread (call $new (i32.const 0) (i32.const 7))))
    (func (export "run") (result i32)
      (drop (call $run-now (global.get $thread)))
      (global.get $ran)))
  (core instance $code (instantiate $Code (with "" (instance
    (export "ran" (global $threads "ran"))
    (export "new" (func $new)) (export "run-now" (func $run-now))))))
  (func (export "run") (result u32) (canon lift (core func $code "run"))))
