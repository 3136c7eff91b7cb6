// The articles' way to a suggestion, as a C library: the indel distance of the query and every word by a table of all prefixes,
// the first of the highest scores wins. Bytes are compared, as there.
package main

// #include <stdint.h>
import "C"

import (
	"strings"
	"unsafe"
)

var words []string

//export load
func load(text *C.char, length C.int64_t) C.int64_t {
	// A copy: the words outlive the call.
	words = strings.Split(string(unsafe.Slice((*byte)(unsafe.Pointer(text)), int(length))), "\n")
	return C.int64_t(len(words))
}

func indelDistance(a, b string) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
		table[i][0] = i
	}
	for j := range table[0] {
		table[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			if a[i-1] == b[j-1] {
				table[i][j] = table[i-1][j-1]
			} else {
				table[i][j] = min(table[i-1][j], table[i][j-1]) + 1
			}
		}
	}
	return table[len(a)][len(b)]
}

//export suggest
func suggest(text *C.char, length C.int64_t) C.int64_t {
	query := string(unsafe.Slice((*byte)(unsafe.Pointer(text)), int(length)))
	best, highest := -1, float32(0)
	for index, word := range words {
		score := 1 - float32(indelDistance(query, word))/float32(len(query)+len(word))
		if score > highest {
			best, highest = index, score
		}
	}
	return C.int64_t(best)
}

func main() {}
