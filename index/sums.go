package index

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sumsFile lists the files of a stored index with their SHA-256, in the form of sha256sum(1). bleve opens a damaged index
// without a word, or panics over it (measured: bytes flipped, pages zeroed, files cut), so none is shown to it.
const sumsFile = "SHA256SUMS"

var errDamaged = errors.New("the stored index is not as it was written")

// writeSums lists the files under a folder.
func writeSums(dir string) error {
	list, err := sums(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, sumsFile), []byte(list), 0o600)
}

// checkSums reports whether a folder holds what it did when its files were listed, no more and no less.
func checkSums(dir string) error {
	want, err := os.ReadFile(filepath.Join(dir, sumsFile))
	if err != nil {
		return fmt.Errorf("read checksums: %w", err)
	}
	got, err := sums(dir)
	if err != nil {
		return err
	}
	if got != string(want) {
		return errDamaged
	}
	return nil
}

// sums is the list, in the order of the names.
func sums(dir string) (string, error) {
	var lines []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == sumsFile {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		sum, err := sumOf(path)
		lines = append(lines, sum+"  "+filepath.ToSlash(name)+"\n")
		return err
	})
	if err != nil {
		return "", fmt.Errorf("sum up the files of the index: %w", err)
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) }) // after 64 digits and two spaces
	return strings.Join(lines, ""), nil
}

func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return strings.Repeat("0", 64), err
	}
	defer file.Close()
	h := sha256.New()
	_, err = io.Copy(h, file)
	return hex.EncodeToString(h.Sum(nil)), err
}
