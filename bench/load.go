package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// connections of every measure, as speed.md fixes them.
const connections = 64

// rate is what one measure found.
type rate struct {
	perSecond float64
	p50, p99  time.Duration
	failed    int64
	n         int
	cpu       time.Duration // of the server, for each request; 0 when unknown
}

// load sends requests over keep-alive connections for a while and reads the
// answers. next returns the bytes of a whole HTTP/1.1 request; it is called by
// many goroutines. The generator parses only the status and the length, so that
// it costs little of the two cores it shares with the server.
func load(addr string, while time.Duration, next func(conn, i int) []byte) rate {
	var all []time.Duration
	var mu sync.Mutex
	var failed atomic.Int64
	var wg sync.WaitGroup
	end := time.Now().Add(while)
	start := time.Now()
	for c := range connections {
		wg.Add(1)
		go func() {
			defer wg.Done()
			took := drive(addr, end, &failed, func(i int) []byte { return next(c, i) })
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		}()
	}
	wg.Wait()
	r := rate{perSecond: float64(len(all)) / time.Since(start).Seconds(), failed: failed.Load(), n: len(all)}
	slices.Sort(all)
	if len(all) > 0 {
		r.p50, r.p99 = all[len(all)/2], all[len(all)*99/100]
	}
	return r
}

func drive(addr string, end time.Time, failed *atomic.Int64, next func(i int) []byte) (took []time.Duration) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		failed.Add(1)
		return nil
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	for i := 0; time.Now().Before(end); i++ {
		began := time.Now()
		if _, err := conn.Write(next(i)); err != nil {
			failed.Add(1)
			return took
		}
		status, err := answer(in)
		if err != nil {
			failed.Add(1)
			return took
		}
		if status >= 400 {
			failed.Add(1)
			continue
		}
		took = append(took, time.Since(began))
	}
	return took
}

// answer reads one response and drops its body.
func answer(in *bufio.Reader) (status int, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("answer %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length, chunked := 0, false
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		k, v, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(k, []byte("content-length")):
			length, err = strconv.Atoi(string(bytes.TrimSpace(v)))
			if err != nil {
				return 0, err
			}
		case bytes.EqualFold(k, []byte("transfer-encoding")):
			chunked = true
		}
	}
	if chunked {
		return status, dropChunks(in)
	}
	_, err = in.Discard(length)
	return status, err
}

func dropChunks(in *bufio.Reader) error {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, in, n+2); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

// request writes a whole request as the proxy in front sends it. Each comes from
// another network, so that the budgets, which stop a machine, do not stop this one.
func request(method, path, header, body string, from int) []byte {
	b := make([]byte, 0, 256+len(path)+len(header)+len(body))
	b = append(append(append(append(b, method...), ' '), path...), " HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: "...)
	for _, part := range []int{1 + from>>16%200, from >> 8 & 255, from & 255} {
		b = append(strconv.AppendInt(b, int64(part), 10), '.')
	}
	b = append(append(b, "7\r\n"...), header...)
	if body != "" {
		b = append(strconv.AppendInt(append(b, "Content-Type: application/json\r\nContent-Length: "...), int64(len(body)), 10), "\r\n"...)
	} else if method != "GET" {
		b = append(b, "Content-Length: 0\r\n"...)
	}
	return append(append(b, "\r\n"...), body...)
}

// get is a GET as a browser sends it.
func get(path string, from int) []byte {
	return request("GET", path, "Accept-Encoding: gzip\r\n", "", from)
}

// plainly is a GET of whoever takes no compression: the ceiling that renders on
// every request does not compress, so neither do we beside it.
func plainly(path string, from int) []byte { return request("GET", path, "", "", from) }
