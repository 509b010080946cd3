;; Gives references to its functions to references-out. There, functions with the indices of $answer
;; and $other are of the same types, and give wrong answers.
(module
  (type $unlike (func (param f32)))
  (type $number (func (result i32)))
  (type $wide (func (param i64 f64) (result f64 i64)))
  (type $host (func (param externref i32) (result externref i32)))
  (type $recursive (func (param i32) (result i32)))
  (memory 1)
  (global $seed (mut i32) (i32.const 42))
  (global (export "constant") (ref $number) (ref.func $answer))
  (global $kept (export "kept") (mut (ref null $number)) (ref.null $number))
  (global (export "any") (mut funcref) (ref.func $answer))
  (table $functions (export "functions") 4 8 funcref)
  (table $numbers (export "numbers") 4 8 (ref null $number) (ref.func $answer))
  (elem (table $functions) (i32.const 1) func $answer $other $get)
  (tag $tag (export "tag") (param (ref null $number)))

  (func $get (export "get") (result (ref $number)) (ref.func $answer))
  (func $take (export "take") (param (ref null $number)) (result i32) (call_ref $number (local.get 0)))
  (func $throw (export "throw") (throw $tag (ref.func $answer)))
  (func $call_kept (export "call_kept") (result i32) (call_ref $number (global.get $kept)))
  (func $wide (export "wide") (result (ref $wide)) (ref.func $swapped))
  (func $refers (export "refers") (result (ref $host)) (ref.func $passed))
  (func $count_down (export "count_down") (result (ref $recursive)) (ref.func $down))
  (func $call_element (export "call_element") (param i32) (result i32)
    (call_indirect $functions (type $number) (local.get 0)))

  (func $nothing)

  ;; Functions 9 and 10. Where they run shows by what they read.
  (func $answer (type $number) (i32.store (i32.const 8) (global.get $seed)) (i32.load (i32.const 8)))
  (func $other (type $number) (i32.add (global.get $seed) (i32.const 1)))

  (func $swapped (type $wide) (local.get 1) (local.get 0))
  (func $passed (type $host) (local.get 0) (i32.add (local.get 1) (global.get $seed)))
  (func $down (type $recursive)
    (if (result i32) (local.get 0)
      (then (return_call_ref $recursive (i32.sub (local.get 0) (i32.const 1)) (ref.func $down)))
      (else (global.get $seed))))
  (func $thrower (type $number) (throw $tag (ref.func $answer)))
  (func (export "thrower") (result (ref $number)) (ref.func $thrower))
  (func (export "seed") (param i32) (global.set $seed (local.get 0)))
  (elem declare func $swapped $passed $down $other $thrower))
