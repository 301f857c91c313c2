package main

import (
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// parentVariable holds the process id of whoever starts this process.
const parentVariable = "CONTROL_PLANE_PARENT"

// endWithParent has the kernel end this process when the one that started it ends, however that ends.
// The parent may be gone before the request arrives, even before this process runs its first line.
func endWithParent() error {
	// The request belongs to the thread that made it, so that thread has to stay.
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	if parent, known := os.LookupEnv(parentVariable); known && parent != strconv.Itoa(os.Getppid()) {
		os.Exit(1)
	}
	return nil
}
