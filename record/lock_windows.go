package record

import (
	"os"
	"syscall"
)

// lockFile opens the lock file so that nobody else can open it; the system
// closes it when the process ends. ok is false while another process holds it.
func lockFile(path string) (f *os.File, ok bool, err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, false, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err == syscall.Errno(32) { // ERROR_SHARING_VIOLATION
		return nil, false, nil
	}
	if err != nil {
		return nil, false, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), true, nil
}

// syncDir does nothing: Windows cannot flush a folder.
func syncDir(string) error { return nil }
