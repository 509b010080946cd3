;; Tasks that end, wait, spin, stay behind, and take too much (TasksTest).
;; wasm-tools parse tasks.wat | wasm-tools strip --all -o tasks.wasm
(component
  (import "wattle:test/tasks-host@0.1.0" (instance $host
    (export "note" (func))
    (export "twice" (func async (param "x" u32) (result u32)))))
  (core module $Memory
    (memory (export "mem") 1)
    (table (export "table") 2 funcref))
  (core instance $memory (instantiate $Memory))
  (core module $Code
    (import "" "mem" (memory 1))
    (import "" "table" (table 2 funcref))
    (import "" "note" (func $note))
    (import "" "twice" (func $twice (param i32 i32) (result i32)))
    (import "" "task.return" (func $return (param i32)))
    (import "" "waitable-set.new" (func $set.new (result i32)))
    (import "" "waitable-set.wait" (func $set.wait (param i32 i32) (result i32)))
    (import "" "thread.yield" (func $yield (result i32)))
    (import "" "thread.suspend" (func $suspend (result i32)))
    (import "" "thread.new-indirect" (func $new (param i32 i32) (result i32)))
    (import "" "thread.yield-then-resume" (func $run-now (param i32) (result i32)))
    (global $runs (mut i32) (i32.const 0))

    (func $stays (param i32) (drop (call $suspend)))
    (elem (i32.const 0) func $stays)

    ;; Calls the host with the option async, in a task that says itself when it returns.
    (func (export "ask") (param i32)
      (if (i32.ne (call $twice (local.get 0) (i32.const 8)) (i32.const 2 (; RETURNED ;)))
        (then unreachable))
      (call $return (i32.load (i32.const 8))))

    ;; How often it was called in this instance.
    (func (export "count")
      (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
      (call $return (global.get $runs)))

    ;; Waits for nothing, in the middle of a function.
    (func (export "wait-forever")
      (drop (call $set.wait (call $set.new) (i32.const 0))))

    ;; Returns, and then waits for nothing in the middle of a function.
    (func (export "stay")
      (call $return (i32.const 1))
      (drop (call $set.wait (call $set.new) (i32.const 0))))

    ;; Returns, and does more after others had their turn.
    (func (export "go-on")
      (call $return (i32.const 1))
      (drop (call $yield))
      (call $note))

    ;; Lets others run for ever, in a function and as a callback.
    (func (export "spin")
      (call $note)
      (loop $again (drop (call $yield)) (br $again)))
    (func (export "spin-back") (result i32)
      (call $note)
      (i32.const 1 (; YIELD ;)))
    (func (export "spin-again") (param i32 i32 i32) (result i32) (i32.const 1 (; YIELD ;)))

    ;; Calls the host on a stack of its own.
    (func (export "call-out") (call $note) (call $return (i32.const 1)))

    ;; Threads without end, each in the middle of a function; waitable sets without end.
    (func (export "stacks")
      (loop $again
        (drop (call $run-now (call $new (i32.const 0) (i32.const 0))))
        (br $again)))
    (func (export "threads")
      (loop $again (drop (call $new (i32.const 0) (i32.const 0))) (br $again)))
    (func (export "sets") (loop $again (drop (call $set.new)) (br $again))))
  (canon lower (func $host "note") (core func $note))
  (canon lower (func $host "twice") async (memory (core memory $memory "mem")) (core func $twice))
  (canon task.return (result u32) (core func $return))
  (canon waitable-set.new (core func $set.new))
  (canon waitable-set.wait (memory (core memory $memory "mem")) (core func $set.wait))
  (canon thread.yield (core func $yield))
  (canon thread.suspend (core func $suspend))
  (core type $start (func (param i32)))
  (alias core export $memory "table" (core table $table))
  (canon thread.new-indirect $start (core table $table) (core func $new))
  (canon thread.yield-then-resume (core func $run-now))
  (core instance $code (instantiate $Code (with "" (instance
    (export "mem" (memory $memory "mem"))
    (export "table" (table $table))
    (export "note" (func $note))
    (export "twice" (func $twice))
    (export "task.return" (func $return))
    (export "waitable-set.new" (func $set.new))
    (export "waitable-set.wait" (func $set.wait))
    (export "thread.yield" (func $yield))
    (export "thread.suspend" (func $suspend))
    (export "thread.new-indirect" (func $new))
    (export "thread.yield-then-resume" (func $run-now))))))
  (func (export "ask") async (param "x" u32) (result u32) (canon lift (core func $code "ask") async))
  (func (export "count") async (result u32) (canon lift (core func $code "count") async))
  (func (export "wait-forever") async (canon lift (core func $code "wait-forever")))
  (func (export "stay") async (result u32) (canon lift (core func $code "stay") async))
  (func (export "go-on") async (result u32) (canon lift (core func $code "go-on") async))
  (func (export "spin") async (canon lift (core func $code "spin")))
  (func (export "spin-back") async (canon lift (core func $code "spin-back")
    async (callback (core func $code "spin-again"))))
  (func (export "call-out") async (result u32) (canon lift (core func $code "call-out") async))
  (func (export "stacks") async (canon lift (core func $code "stacks")))
  (func (export "threads") async (canon lift (core func $code "threads")))
  (func (export "sets") async (canon lift (core func $code "sets"))))
