;; Gives objects that refer to its functions to references-objects-out, where function 3 of the same
;; type is another one.
(module
  (type $number (func (result i32)))
  (type $pair (struct (field i64) (field (mut (ref null $number)))))
  (type $array (array (mut (ref null $number))))
  (func (export "pair") (result (ref $pair)) (struct.new $pair (i64.const 1) (ref.func $answer)))
  (func (export "array") (result (ref $array)) (array.new $array (ref.func $answer) (i32.const 3)))
  (global (export "constant") (ref $number) (ref.func $answer))
  (global (export "shared") (ref $pair) (struct.new $pair (i64.const 2) (ref.func $answer)))
  (func (export "call_field") (param (ref $pair)) (result i32)
    (call_ref $number (struct.get $pair 1 (local.get 0))))
  (func $answer (type $number) (i32.const 42)))
