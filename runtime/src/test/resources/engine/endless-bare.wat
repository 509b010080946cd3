;; The same without a memory: checks find the signal another way.
(module
  (type $v (func))
  (func (export "loop") (loop $l (br $l)))
  (func $tail (export "tail") (return_call $tail))
  (func $recurse (export "recurse") (param i32) (result i32)
    (i32.add (i32.const 1) (call $recurse (local.get 0))))
  (func (export "answer") (result i32) (i32.const 42)))
