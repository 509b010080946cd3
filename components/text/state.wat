;; Reports everything an instance can change, then changes all of it. A second call on the same
;; instance answers differently, and traps where a dropped segment is read again.
(module
  (import "wasi:http/types@0.2.2" "[constructor]fields" (func $fields (result i32)))
  (import "wasi:http/types@0.2.2" "[constructor]outgoing-response"
    (func $response (param i32) (result i32)))
  (import "wasi:http/types@0.2.2" "[method]outgoing-response.body"
    (func $response-body (param i32 i32)))
  (import "wasi:http/types@0.2.2" "[static]response-outparam.set"
    (func $answer (param i32 i32 i32 i32 i64 i32 i32 i32 i32)))
  (import "wasi:http/types@0.2.2" "[method]outgoing-body.write" (func $body-write (param i32 i32)))
  (import "wasi:http/types@0.2.2" "[static]outgoing-body.finish"
    (func $body-finish (param i32 i32 i32 i32)))
  (import "wasi:http/types@0.2.2" "[resource-drop]incoming-request"
    (func $drop-request (param i32)))
  (import "wasi:io/streams@0.2.2" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))
  (import "wasi:io/streams@0.2.2" "[resource-drop]output-stream" (func $drop-stream (param i32)))

  (memory (export "memory") 1)
  (global $calls (mut i32) (i32.const 0))
  (table $table 2 funcref)

  ;; 0: scratch for results; 64: the word; 256: the report.
  (data (i32.const 64) "\00\00\00\00")
  (data $global-is (i32.const 80) "global=")
  (data $memory-is (i32.const 96) " memory=")
  (data $table-is (i32.const 112) " table=")
  (data $word-is (i32.const 128) " word=")
  (data $passive " data=present")
  (elem $functions func $seven)
  (func $seven (result i32) (i32.const 7))
  (data (i32.const 144) " element=")

  (global $end (mut i32) (i32.const 256))
  (func $text (param $from i32) (param $length i32)
    (memory.copy (global.get $end) (local.get $from) (local.get $length))
    (global.set $end (i32.add (global.get $end) (local.get $length))))
  (func $digits (param $number i32)
    (if (i32.ge_u (local.get $number) (i32.const 10))
      (then (call $digits (i32.div_u (local.get $number) (i32.const 10)))))
    (i32.store8 (global.get $end)
      (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
    (global.set $end (i32.add (global.get $end) (i32.const 1))))

  (func $report
    (global.set $end (i32.const 256))
    (call $text (i32.const 80) (i32.const 7))
    (call $digits (global.get $calls))
    (call $text (i32.const 96) (i32.const 8))
    (call $digits (memory.size))
    (call $text (i32.const 112) (i32.const 7))
    (call $digits (table.size $table))
    (call $text (i32.const 128) (i32.const 6))
    (call $digits (i32.load (i32.const 64)))
    (memory.init $passive (global.get $end) (i32.const 0) (i32.const 13))
    (global.set $end (i32.add (global.get $end) (i32.const 13)))
    (call $text (i32.const 144) (i32.const 9))
    (table.init $table $functions (i32.const 0) (i32.const 0) (i32.const 1))
    (call $digits (call_indirect $table (result i32) (i32.const 0)))
    (i32.store8 (global.get $end) (i32.const 10))
    (global.set $end (i32.add (global.get $end) (i32.const 1))))

  (func $change
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (drop (memory.grow (i32.const 1)))
    (drop (table.grow $table (ref.func $seven) (i32.const 3)))
    (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
    (data.drop $passive)
    (elem.drop $functions))

  (func (export "wasi:http/incoming-handler@0.2.2#handle") (param $request i32) (param $out i32)
    (local $response i32) (local $body i32) (local $stream i32)
    (call $drop-request (local.get $request))
    (call $report)
    (call $change)
    (local.set $response (call $response (call $fields)))
    (call $response-body (local.get $response) (i32.const 0))
    (local.set $body (i32.load (i32.const 4)))
    (call $answer (local.get $out) (i32.const 0) (local.get $response)
      (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    (call $body-write (local.get $body) (i32.const 0))
    (local.set $stream (i32.load (i32.const 4)))
    (call $write (local.get $stream) (i32.const 256)
      (i32.sub (global.get $end) (i32.const 256)) (i32.const 0))
    (call $drop-stream (local.get $stream))
    (call $body-finish (local.get $body) (i32.const 0) (i32.const 0) (i32.const 0)))

  ;; Only an error with a text makes the host allocate: the space after the report holds it.
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
