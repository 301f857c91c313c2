package main

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// endWithParent has the kernel end this process when the one that started it ends, however that ends.
// The parent may already be gone when the request arrives, so it is checked once more afterwards.
func endWithParent() error {
	// The request belongs to the thread that made it, so that thread has to stay.
	runtime.LockOSThread()
	parent := os.Getppid()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	if os.Getppid() != parent {
		os.Exit(1)
	}
	return nil
}
