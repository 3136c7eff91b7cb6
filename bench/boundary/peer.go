// The benchmark's functions in Go, as a c-shared library.
package main

/*
#include "peer.h"
#include <stdlib.h>
static uint32_t call(apply_t apply, uint32_t n) { return apply(n); }
*/
import "C"

import "unsafe"

//export gauss_sum
func gauss_sum(n C.uint32_t) C.uint64_t {
	var sum uint64
	for i := uint64(0); i <= uint64(n); i++ {
		sum += i
	}
	return C.uint64_t(sum)
}

//export likeness
func likeness(a, b *C.char) C.double {
	x, y := C.GoString(a), C.GoString(b)
	longest, shortest, equal := max(len(x), len(y)), min(len(x), len(y)), 0
	for i := 0; i < shortest; i++ {
		if x[i] == y[i] {
			equal++
		}
	}
	if longest == 0 {
		return 1
	}
	return C.double(equal) / C.double(longest)
}

type user struct {
	id     uint32
	name   string
	age    uint8
	score  float64
	active bool
}

//export birthday
func birthday(in *C.user_t) *C.user_t {
	u := user{uint32(in.id), C.GoString(in.name), uint8(in.age), float64(in.score), bool(in.active)}
	if u.age < 255 {
		u.age++
	}
	out := (*C.user_t)(C.malloc(C.sizeof_user_t))
	*out = C.user_t{
		id: C.uint32_t(u.id), name: C.CString(u.name), age: C.uint8_t(u.age), score: C.double(u.score), active: C.bool(u.active),
	}
	return out
}

//export free_user
func free_user(in *C.user_t) {
	C.free(unsafe.Pointer(in.name))
	C.free(unsafe.Pointer(in))
}

//export total
func total(values *C.double, n C.size_t) C.double {
	sum := 0.0
	for _, v := range unsafe.Slice((*float64)(values), int(n)) {
		sum += v
	}
	return C.double(sum)
}

//export ramp
func ramp(n C.size_t) *C.double {
	out := (*C.double)(C.malloc(n * 8))
	for i, s := 0, unsafe.Slice((*float64)(out), int(n)); i < len(s); i++ {
		s[i] = float64(i)
	}
	return out
}

//export measure
func measure(text *C.char) C.uint64_t {
	return C.uint64_t(len(C.GoString(text)))
}

//export checksum
func checksum(data *C.uint8_t, n C.size_t) C.uint64_t {
	var sum uint64
	for _, b := range unsafe.Slice((*byte)(data), int(n)) {
		sum += uint64(b)
	}
	return C.uint64_t(sum)
}

//export ask_often
func ask_often(apply C.apply_t, n, times C.uint32_t) C.uint32_t {
	for ; times > 0; times-- {
		n = C.call(apply, n)
	}
	return n
}

func main() {}
