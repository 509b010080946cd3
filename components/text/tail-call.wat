;; An endless loop made of tail calls: it needs the tail-call feature, takes no stack, and never
;; comes back to a loop header.
(module
  (memory (export "memory") 1)
  (func $again (param i32)
    (return_call $again (i32.add (local.get 0) (i32.const 1))))
  (func (export "wasi:http/incoming-handler@0.2.2#handle") (param $request i32) (param $out i32)
    (return_call $again (i32.const 0))))
