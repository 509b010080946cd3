// Counts the visits of a path, and says when and by which chance.
package main

import "strconv"

func main() {}

//go:wasmexport wasi:http/incoming-handler@0.2.2#handle
func handle(request, out int32) {
	path := pathOf(request)
	status, text := answer(path)
	send(out, status, text)
}

func answer(path string) (status int32, text string) {
	name := "default"
	if len(path) > 1 {
		name = path[1:]
	}
	visits, err := increment("default", name)
	if err != nil {
		return 503, "go: " + err.Error() + "\n"
	}
	return 200, "go: visit " + strconv.FormatUint(visits, 10) + " of " + name +
		" at " + strconv.FormatUint(seconds(), 10) + ", chance " + strconv.FormatUint(randomU64(), 16) + "\n"
}
