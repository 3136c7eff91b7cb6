// The fetcher of the articles, as they describe it: a goroutine for each URL, 50 at a time, results as an array of C structs.
package main

/*
#include <stdlib.h>

typedef struct {
	char *url;
	char *domain;
	char *server;
	char *protocol;
	char *content_type;
	char *body;
	int port;
	int status;
} Site;
*/
import "C"

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"unsafe"
)

// As many as the articles' fetcher lets run at once.
const atOnce = 50

func fetch(address string, site *C.Site) {
	site.url = C.CString(address)
	response, err := http.Get(address)
	if err != nil {
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return
	}
	parts, _ := url.Parse(address)
	port, _ := strconv.Atoi(parts.Port())
	site.domain = C.CString(parts.Hostname())
	site.server = C.CString(response.Header.Get("Server"))
	site.protocol = C.CString(parts.Scheme)
	site.content_type = C.CString(response.Header.Get("Content-Type"))
	site.body = C.CString(string(body))
	site.port = C.int(port)
	site.status = C.int(response.StatusCode)
}

//export parse_urls
func parse_urls(urls **C.char, count C.int) *C.Site {
	addresses := unsafe.Slice(urls, int(count))
	result := (*C.Site)(C.calloc(C.size_t(count), C.size_t(unsafe.Sizeof(C.Site{}))))
	sites := unsafe.Slice(result, int(count))
	turn := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for index := range addresses {
		address := C.GoString(addresses[index])
		all.Add(1)
		turn <- struct{}{}
		go func() {
			defer all.Done()
			fetch(address, &sites[index])
			<-turn
		}()
	}
	all.Wait()
	return result
}

//export free_sites
func free_sites(result *C.Site, count C.int) {
	for _, site := range unsafe.Slice(result, int(count)) {
		for _, text := range []*C.char{site.url, site.domain, site.server, site.protocol, site.content_type, site.body} {
			C.free(unsafe.Pointer(text))
		}
	}
	C.free(unsafe.Pointer(result))
}

func main() {}
