package main

// The imports of the world `everyday` as the canonical ABI flattens them: a result that does not fit a core value is
// written to memory at the last parameter.

import (
	"errors"
	"structs"
	"unsafe"
)

// A result of one word: a handle, or what failed.
type wordResult struct {
	_     structs.HostLayout
	isErr uint8
	_     [3]byte
	word  uint32
	more  [3]uint32 // of the largest error
}

// result<_, error-code> of wasi:http.
type httpResult struct {
	_       structs.HostLayout
	isErr   uint8
	_       [7]byte
	payload [4]uint64
}

// An option of a string, as the host writes it.
type optionalString struct {
	_      structs.HostLayout
	isSome uint8
	_      [3]byte
	data   uint32
	length uint32
}

// result<u64, error> of wasi:keyvalue: the error is a variant of two plain cases and one with a text.
type countResult struct {
	_       structs.HostLayout
	isErr   uint8
	_       [7]byte
	payload [2]uint64
}

type datetime struct {
	_           structs.HostLayout
	seconds     uint64
	nanoseconds uint32
	_           [4]byte
}

//go:wasmimport wasi:http/types@0.2.2 [method]incoming-request.path-with-query
func requestPath(request int32, to *optionalString)

//go:wasmimport wasi:http/types@0.2.2 [resource-drop]incoming-request
func dropRequest(request int32)

//go:wasmimport wasi:http/types@0.2.2 [constructor]fields
func newFields() int32

//go:wasmimport wasi:http/types@0.2.2 [constructor]outgoing-response
func newResponse(fields int32) int32

//go:wasmimport wasi:http/types@0.2.2 [method]outgoing-response.set-status-code
func setStatus(response, status int32) int32

//go:wasmimport wasi:http/types@0.2.2 [method]outgoing-response.body
func responseBody(response int32, to *wordResult)

//go:wasmimport wasi:http/types@0.2.2 [static]response-outparam.set
func setOutparam(out, isErr, response, e1 int32, e2 int64, e3, e4, e5, e6 int32)

//go:wasmimport wasi:http/types@0.2.2 [method]outgoing-body.write
func bodyStream(body int32, to *wordResult)

//go:wasmimport wasi:http/types@0.2.2 [static]outgoing-body.finish
func finishBody(body, hasTrailers, trailers int32, to *httpResult)

//go:wasmimport wasi:io/streams@0.2.2 [method]output-stream.blocking-write-and-flush
func writeAndFlush(stream int32, text string, to *wordResult)

//go:wasmimport wasi:io/streams@0.2.2 [resource-drop]output-stream
func dropStream(stream int32)

//go:wasmimport wasi:clocks/wall-clock@0.2.2 now
func now(to *datetime)

//go:wasmimport wasi:random/random@0.2.2 get-random-u64
func randomU64() uint64

//go:wasmimport wasi:keyvalue/store@0.2.0-draft open
func openBucket(name string, to *wordResult)

//go:wasmimport wasi:keyvalue/store@0.2.0-draft [resource-drop]bucket
func dropBucket(bucket int32)

//go:wasmimport wasi:keyvalue/atomics@0.2.0-draft increment
func incrementKey(bucket int32, key string, by uint64, to *countResult)

// What the host put into our memory stays reachable until the call is over, which is when the instance ends.
var received [][]byte

//go:wasmexport cabi_realloc
func realloc(_ unsafe.Pointer, _, align, size uint32) unsafe.Pointer {
	block := make([]byte, max(size+align, 1))
	received = append(received, block)
	start := uintptr(unsafe.Pointer(unsafe.SliceData(block)))
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(block)), (uintptr(align)-start%uintptr(align))%uintptr(align))
}

func pathOf(request int32) string {
	var path optionalString
	requestPath(request, &path)
	dropRequest(request)
	if path.isSome == 0 {
		return "/"
	}
	return unsafe.String((*byte)(unsafe.Pointer(uintptr(path.data))), path.length)
}

func seconds() uint64 {
	var time datetime
	now(&time)
	return time.seconds
}

func increment(bucket, key string) (uint64, error) {
	var opened wordResult
	openBucket(bucket, &opened)
	if opened.isErr != 0 {
		return 0, errors.New("the bucket cannot be opened")
	}
	defer dropBucket(int32(opened.word))
	var count countResult
	incrementKey(int32(opened.word), key, 1, &count)
	if count.isErr != 0 {
		return 0, errors.New("the key cannot be incremented")
	}
	return count.payload[0], nil
}

func send(out, status int32, text string) {
	response := newResponse(newFields())
	setStatus(response, status)
	var body, stream, written wordResult
	var finished httpResult
	responseBody(response, &body)
	setOutparam(out, 0, response, 0, 0, 0, 0, 0, 0)
	bodyStream(int32(body.word), &stream)
	writeAndFlush(int32(stream.word), text, &written)
	dropStream(int32(stream.word))
	finishBody(int32(body.word), 0, 0, &finished)
}
