;; A call that starts late is cancelled by a caller who waits for its end (CancellingTest).
;; wasm-tools parse late-start.wat | wasm-tools strip --all -o late-start.wasm
(component
  (component $callee
    (core module $code
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      (import "" "yield" (func $yield (result i32)))
      (func (export "hold") (call $inc))
      (func (export "let") (call $dec))
      ;; Not told that it is cancelled: it has no callback, and waits in what does not say so.
      (func (export "answer") (result i32)
        (drop (call $yield))
        (drop (call $yield))
        (i32.const 42)))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core func $yield (canon thread.yield))
    (core instance $guest (instantiate $code (with "" (instance
      (export "inc" (func $inc)) (export "dec" (func $dec)) (export "yield" (func $yield))))))
    (func (export "hold") (canon lift (core func $guest "hold")))
    (func (export "let") (canon lift (core func $guest "let")))
    (func (export "answer") async (result u32) (canon lift (core func $guest "answer"))))
  (component $caller
    (import "hold" (func $hold))
    (import "let" (func $let))
    (import "answer" (func $answer async (result u32)))
    (core module $Memory (memory (export "mem") 1))
    (core instance $memory (instantiate $Memory))
    (core module $code
      (import "" "mem" (memory 1))
      (import "" "hold" (func $hold))
      (import "" "let" (func $let))
      (import "" "answer" (func $answer (param i32) (result i32)))
      (import "" "cancel" (func $cancel (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "yield" (func $yield (result i32)))
      ;; The state that the cancellation ends with, times 100, and what the callee returned.
      (func (export "cancel") (result i32) (local $subtask i32)
        (call $hold)
        (local.set $subtask (i32.shr_u (call $answer (i32.const 8)) (i32.const 4)))
        (call $let)
        ;; Now it starts, of which nobody takes notice.
        (drop (call $yield))
        (i32.add
          (i32.mul (i32.const 100) (call $cancel (local.get $subtask)))
          (i32.load (i32.const 8)))
        (call $drop (local.get $subtask))))
    (core func $hold' (canon lower (func $hold)))
    (core func $let' (canon lower (func $let)))
    (core func $answer' (canon lower (func $answer) async (memory (core memory $memory "mem"))))
    (core func $cancel (canon subtask.cancel))
    (core func $drop (canon subtask.drop))
    (core func $yield (canon thread.yield))
    (core instance $guest (instantiate $code (with "" (instance
      (export "mem" (memory $memory "mem"))
      (export "hold" (func $hold')) (export "let" (func $let')) (export "answer" (func $answer'))
      (export "cancel" (func $cancel)) (export "drop" (func $drop)) (export "yield" (func $yield))))))
    (func (export "cancel") async (result u32) (canon lift (core func $guest "cancel"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller
    (with "hold" (func $a "hold")) (with "let" (func $a "let")) (with "answer" (func $a "answer"))))
  (export "cancel" (func $b "cancel")))
