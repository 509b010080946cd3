;; Makes the host keep as much as it can get (HoarderTest).
;; wasm-tools parse hoarder.wat | wasm-tools strip --all -o hoarder.wasm
(component
  (component $callee
    (type $r' (resource (rep i32)))
    (export $r "r" (type $r'))
    (core module $Memory (memory (export "mem") 257))
    (core instance $memory (instantiate $Memory))
    (core module $Code
      (import "" "mem" (memory 257))
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "yield" (func $yield (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
      (func (export "make") (result i32) (call $new (i32.const 1)))
      (func (export "borrow") (param i32 i32) (drop (call $suspend)))
      ;; 16 MiB, after a while.
      (func (export "give") (result i32)
        (drop (call $yield))
        (i32.store (i32.const 0) (i32.const 65536))
        (i32.store (i32.const 4) (i32.const 0x1000000))
        (i32.const 0)))
    (core func $new (canon resource.new $r'))
    (core func $yield (canon thread.yield))
    (core func $suspend (canon thread.suspend))
    (core instance $code (instantiate $Code (with "" (instance
      (export "mem" (memory $memory "mem")) (export "new" (func $new))
      (export "yield" (func $yield)) (export "suspend" (func $suspend))))))
    (func (export "make") (result (own $r)) (canon lift (core func $code "make")))
    (func (export "borrow") async (param "all" (list (borrow $r))) (canon lift
      (core func $code "borrow") async
      (memory (core memory $memory "mem")) (realloc (core func $code "realloc"))))
    (func (export "give") async (result (list u8)) (canon lift
      (core func $code "give") (memory (core memory $memory "mem")))))
  (component $caller
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (import "borrow" (func $borrow async (param "all" (list (borrow $r)))))
    (import "give" (func $give async (result (list u8))))
    (core module $Memory
      (memory (export "mem") 257)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
    (core instance $memory (instantiate $Memory))
    (core module $Code
      (import "" "mem" (memory 257))
      (import "" "make" (func $make (result i32)))
      (import "" "borrow" (func $borrow (param i32 i32) (result i32)))
      (import "" "give" (func $give (param i32) (result i32)))
      (import "" "set" (func $set (result i32)))
      (import "" "yield" (func $yield (result i32)))
      (import "" "wrong" (func $wrong (param i32 i32) (result i32)))
      ;; So many handles.
      (func (export "sets") (param $count i32)
        (loop $again
          (drop (call $set))
          (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
      ;; Lends one handle so many times, in a call that does not return.
      (func (export "lend") (param $count i32) (local $handle i32) (local $left i32)
        (local.set $handle (call $make))
        (local.set $left (local.get $count))
        (loop $again
          (i32.store offset=65532
            (i32.mul (local.get $left) (i32.const 4)) (local.get $handle))
          (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (drop (call $borrow (i32.const 65536) (local.get $count))))
      ;; So many results, each of which comes later; keeps the handles of the calls.
      (func (export "results") (param $count i32)
        (loop $again
          (drop (call $give (i32.const 0)))
          (drop (call $yield))
          (drop (call $yield))
          (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
      ;; So many texts.
      (func (export "errors") (param $count i32)
        (loop $again
          (drop (call $wrong (i32.const 65536) (i32.const 0x1000000)))
          (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))
    (core func $make' (canon lower (func $make)))
    (core func $borrow' (canon lower (func $borrow) async (memory (core memory $memory "mem"))))
    (core func $give' (canon lower (func $give) async
      (memory (core memory $memory "mem")) (realloc (core func $memory "realloc"))))
    (core func $set (canon waitable-set.new))
    (core func $yield (canon thread.yield))
    (core func $wrong (canon error-context.new (memory (core memory $memory "mem"))))
    (core instance $code (instantiate $Code (with "" (instance
      (export "mem" (memory $memory "mem"))
      (export "make" (func $make')) (export "borrow" (func $borrow')) (export "give" (func $give'))
      (export "set" (func $set)) (export "yield" (func $yield)) (export "wrong" (func $wrong))))))
    (func (export "sets") (param "count" u32) (canon lift (core func $code "sets")))
    (func (export "lend") async (param "count" u32) (canon lift (core func $code "lend")))
    (func (export "results") async (param "count" u32) (canon lift (core func $code "results")))
    (func (export "errors") (param "count" u32) (canon lift (core func $code "errors"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller
    (with "r" (type $a "r")) (with "make" (func $a "make"))
    (with "borrow" (func $a "borrow")) (with "give" (func $a "give"))))
  (export "sets" (func $b "sets"))
  (export "lend" (func $b "lend"))
  (export "results" (func $b "results"))
  (export "errors" (func $b "errors")))
