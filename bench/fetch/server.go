// The server of the benchmark: /delay/<ms> answers after that time with 2 KB, /bytes/<n> at once with n bytes.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func text(size int) []byte {
	const line = "<p>The quick brown fox jumps over the lazy dog, and <a href=\"/next\">on it goes</a>.</p>\n"
	return []byte(strings.Repeat(line, size/len(line)+1)[:size])
}

func main() {
	bodies := map[int][]byte{}
	for _, size := range []int{2048, 102400} {
		bodies[size] = text(size)
	}
	serve := func(writer http.ResponseWriter, request *http.Request) {
		parts := strings.Split(request.URL.Path, "/")
		number, _ := strconv.Atoi(parts[2])
		size := 2048
		if parts[1] == "delay" {
			time.Sleep(time.Duration(number) * time.Millisecond)
		} else {
			size = number
		}
		header := writer.Header()
		header.Set("Content-Type", "text/html; charset=utf-8")
		header.Set("Server", "bench")
		header.Set("Content-Length", strconv.Itoa(size))
		writer.Write(bodies[size])
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	// The server ends with whoever started it.
	go func() {
		os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	panic(http.Serve(listener, http.HandlerFunc(serve)))
}
