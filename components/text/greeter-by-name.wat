;; Greets through the link whose name it is asked to greet.
(module
  (import "wasmcloud:bus/lattice@1.0.0" "[constructor]call-target-interface"
    (func $target (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasmcloud:bus/lattice@1.0.0" "set-link-name"
    (func $set-link-name (param i32 i32 i32 i32)))
  (import "wattle:examples/greeter@0.1.0" "greet" (func $greet (param i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "wattleexamplesgreeter")
  (global $free (mut i32) (i32.const 1024))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "wattle:examples/greeter@0.1.0#greet") (param $name i32) (param $length i32) (result i32)
    ;; at 0 the list of one handle, at 8 the pair of the greeting
    (i32.store (i32.const 0)
      (call $target (i32.const 16) (i32.const 6) (i32.const 22) (i32.const 8) (i32.const 30) (i32.const 7)))
    (call $set-link-name (local.get $name) (local.get $length) (i32.const 0) (i32.const 1))
    (call $greet (local.get $name) (local.get $length) (i32.const 8))
    (i32.const 8)))
