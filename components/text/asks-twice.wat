;; Asks over a link, and when that is answered asks again: a test takes the link away in between.
(module
  (import "wattle:test/gate@0.1.0" "pass" (func $pass (result i32)))
  (memory (export "memory") 1)
  (func (export "wattle:test/twice@0.1.0#ask") (result i32)
    (i32.add (call $pass) (call $pass))))
