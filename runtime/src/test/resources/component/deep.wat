;; Calls the host at every depth, until no stack is left.
(component
  (import "wattle:test/deep@0.1.0" (instance $host (export "touch" (func))))
  (core func $touch (canon lower (func $host "touch")))
  (core module $code
    (import "" "touch" (func $touch))
    (func $down (export "down")
      (call $touch)
      (call $down)
      (call $touch)))
  (core instance $guest (instantiate $code
    (with "" (instance (export "touch" (func $touch))))))
  (func (export "down") (canon lift (core func $guest "down"))))
