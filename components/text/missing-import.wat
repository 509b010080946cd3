;; Calls an interface nobody serves: it must start, and fail only when it is called.
(module
  (import "wattle:missing/nobody@1.0.0" "ask" (func $ask (result i32)))
  (memory (export "memory") 1)
  (func (export "ask-nobody") (result i32) (call $ask))
  (func (export "wasi:http/incoming-handler@0.2.2#handle") (param $request i32) (param $out i32)
    (drop (call $ask))))
