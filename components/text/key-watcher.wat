;; Notes what it is told of: the new value of KEY as seen-KEY, and its end as gone-KEY.
(module
  (import "wasi:keyvalue/store@0.2.0-draft" "[method]bucket.set"
    (func $set (param $bucket i32) (param $key i32) (param $key-length i32)
      (param $value i32) (param $length i32) (param $result i32)))
  (import "wasi:keyvalue/store@0.2.0-draft" "[resource-drop]bucket" (func $drop (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 32) "seen-")
  (data (i32.const 40) "gone-")
  (global $free (mut i32) (i32.const 4096))

  ;; Sets a key, whose name begins with the five bytes at $prefix; at 0 the result. A store that fails is a trap.
  (func $note (param $prefix i32) (param $bucket i32) (param $key i32) (param $key-length i32)
    (param $value i32) (param $length i32)
    (local $name i32)
    (local.set $name
      (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $key-length) (i32.const 5))))
    (memory.copy (local.get $name) (local.get $prefix) (i32.const 5))
    (memory.copy (i32.add (local.get $name) (i32.const 5)) (local.get $key) (local.get $key-length))
    (call $set (local.get $bucket) (local.get $name) (i32.add (local.get $key-length) (i32.const 5))
      (local.get $value) (local.get $length) (i32.const 0))
    (if (i32.load8_u (i32.const 0)) (then (unreachable)))
    (call $drop (local.get $bucket)))

  (func (export "wasi:keyvalue/watcher@0.2.0-draft#on-set") (param $bucket i32)
    (param $key i32) (param $key-length i32) (param $value i32) (param $length i32)
    (call $note (i32.const 32) (local.get $bucket)
      (local.get $key) (local.get $key-length) (local.get $value) (local.get $length)))

  (func (export "wasi:keyvalue/watcher@0.2.0-draft#on-delete") (param $bucket i32)
    (param $key i32) (param $key-length i32)
    (call $note (i32.const 40) (local.get $bucket)
      (local.get $key) (local.get $key-length) (i32.const 0) (i32.const 0)))

  ;; Instances live for one call, so nothing is ever given back; keys and values of this guest's tests are short.
  (func $realloc (export "cabi_realloc")
    (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at)))
