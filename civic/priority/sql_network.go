package priority

import (
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

func insertNetworks(tx *db.Tx, contest glosa.ContestID, n Networks) error {
	words := make([]string, len(n.Counts))
	for i, c := range n.Counts {
		words[i] = itoa(c)
	}
	_, err := tx.Exec(`insert into priority_network (contest, since, counts) values ($1, $2, $3)`, contest, n.Since, strings.Join(words, " "))
	return err
}

// selectNetworks is empty where nothing was counted.
func selectNetworks(tx *db.Tx, contest glosa.ContestID) (n Networks, err error) {
	var counts string
	n.Counts = []int{}
	err = tx.Row(`select since, counts from priority_network where contest = $1`, contest).Scan(&n.Since, &counts)
	if glosa.KindOf(err) == glosa.NotFound {
		return n, nil
	}
	for _, word := range strings.Fields(counts) {
		c, wrong := strconv.Atoi(word)
		if wrong != nil && err == nil {
			err = wrong
		}
		n.Counts = append(n.Counts, c)
	}
	return n, err
}
