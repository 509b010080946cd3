;; Uses the async ABI of WASI 0.3: its export is lifted with `async` and a callback.
(component
  (core module $code
    (import "task" "return" (func $return (param i32)))
    (memory (export "memory") 1)
    (func (export "answer") (result i32)
      (call $return (i32.const 42))
      (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
  (core func $return (canon task.return (result u32)))
  (core instance $task (export "return" (func $return)))
  (core instance $run (instantiate $code (with "task" (instance $task))))
  (func $answer async (result u32)
    (canon lift (core func $run "answer") async (callback (core func $run "callback"))))
  (export "answer" (func $answer)))
