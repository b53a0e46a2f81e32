package report

import "strings"

// Bounds of what stands together. Parsers of Markdown take quadratic time on
// thousands of open brackets, columns, or lists inside lists; no report needs them.
const (
	maxDepth    = 24      // lists and quotations inside each other
	maxColumns  = 100     // of a table
	maxBrackets = 500     // "[", "<", "~" or "`" between two blank lines
	maxBlock    = 100_000 // bytes between two blank lines
)

// tangled is the first line that passes a bound, or 0.
func tangled(markdown string) int {
	bytes, n := 0, 0
	var marks [4]int
	for line := range strings.SplitSeq(markdown, "\n") {
		n++
		if strings.TrimSpace(line) == "" {
			bytes, marks = 0, [4]int{}
			continue
		}
		bytes += len(line) + 1
		for i, mark := range []string{"[", "<", "~", "`"} {
			marks[i] += strings.Count(line, mark)
			if marks[i] > maxBrackets {
				return n
			}
		}
		if bytes > maxBlock || depthOf(line) > maxDepth || strings.Count(line, "|") > maxColumns {
			return n
		}
	}
	return 0
}

// depthOf is how deep the blocks of a line can lie: its quotation marks and the
// marks of its lists before the first word, and four blanks for each level
// of indentation beyond the deepest allowed.
func depthOf(line string) int {
	if strings.Trim(line, " \t-*_+") == "" {
		return 0 // a ruled line is long, not deep
	}
	deep, blanks, digits := 0, 0, false
	for _, r := range line {
		switch {
		case r == ' ':
			blanks++
		case r == '\t':
			blanks += 4
		case r == '>' || r == '-' || r == '+' || r == '*' || (r == '.' || r == ')') && digits:
			deep++
		case r >= '0' && r <= '9':
		default:
			return max(deep, deep+blanks/4-maxDepth)
		}
		digits = r >= '0' && r <= '9'
	}
	return max(deep, deep+blanks/4-maxDepth)
}
