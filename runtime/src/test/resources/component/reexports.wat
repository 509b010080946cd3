;; Exports what it imports, as it is (ReexportTest).
;; wasm-tools parse reexports.wat | wasm-tools strip --all -o reexports.wasm
(component
  (import "wattle:test/names@0.1.0" (instance $names
    (export "thing" (type $thing (sub resource)))
    (export "greet" (func (param "name" string) (param "times" u8) (result (list string))))
    (export "make" (func (result (own $thing))))))
  (import "note" (func $note (param "text" string)))
  (export "wattle:test/names@0.1.0" (instance $names))
  (export "again" (func $note)))
