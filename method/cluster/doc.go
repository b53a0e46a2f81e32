// Package cluster finds the groups of opinion among people who voted on
// statements, what sets each group apart, and what all of them agree on.
//
// A participant agrees (1), disagrees (-1) or passes (0) on statements; what they
// did not see is no vote. The package knows nothing of what the statements are.
//
// # The method
//
// Polis': Small, Björkegren, Erkkilä, Shaw and Megill, "Polis: Scaling
// Deliberation by Mapping High Dimensional Opinion Spaces" (Recerca 26(2), 2021).
//
//  1. The last vote of a participant on a statement stands.
//  2. What was not seen counts as the statement's mean vote. Statements that are
//     out ([Statement]) count 0 for everybody.
//  3. The two principal components of the participants' votes are the axes. A
//     participant stands at Σ (vote − mean)·component over the statements voted
//     on, times √(statements / votes), so that few votes do not mean the middle.
//  4. Whoever voted on 7 statements, or on all where there are fewer, is grouped;
//     where that is fewer than 15 people, those with the most votes make up the
//     number. Everybody is counted in 2 and 3.
//  5. More than 100 such participants are first drawn together into 100 base
//     clusters.
//  6. k-means makes 2 to 5 groups (at most 2 and one more for every 12 base
//     clusters); their number is the one with the best silhouette.
//  7. In each group p = (agree+1)/(votes+2) is the share that agrees, and the same
//     for those who disagree. A statement is representative of a group where p is
//     above one half and above its value among the other groups, both by a test
//     at 90 % (z > 1.2816). Five at most are shown: the one the group agrees on
//     most, then by share ratio × z × p × z.
//  8. Consensus is what all participants agree on, or disagree with, by the first
//     of these tests. Group-aware consensus is Π (agree+1)/(votes+2) over the
//     groups: high only where every group agrees.
//
// # Where this differs from Polis
//
// Polis starts from chance and from its own last result, so that nobody can redo
// it, samples above 10,000 participants and ends at 100,000. Here nothing is
// drawn, kept or left out:
//
//   - axes are converged eigenvectors, and the entry of largest magnitude is
//     positive; of entries that are equal to nine digits the first decides;
//   - k-means starts farthest-first, from each point in turn, and the tightest
//     outcome is kept; base clusters start farthest-first from the outermost point;
//   - the silhouette counts people, not base clusters;
//   - group 0 is the largest; of equally large ones that with the first id;
//   - k follows no history, and nobody stays in for having once been among the
//     first 15.
//
// With as many groups as Polis exported, ours agree with its own by an adjusted Rand
// index of 0.88, 0.88 and 0.67 on three of six published conversations and of 0.10 to
// 0.17 on the others, where Polis' groups overlap on the plane; ours are the tighter
// ones on all six.
//
// Ids are in the order of numbers where all are whole numbers, else of bytes, and
// every tie goes to the first by id.
//
// # What holds, and what does not
//
// Result and order: the same votes and rule give the same bytes on every machine,
// in whatever order votes came and whatever was asked between them. Sums over
// participants are sums of integers; the rest is in a fixed order, with every
// product rounded before it is added, so that no compiler fuses the two, and with
// no function but the square root, which IEEE 754 fixes.
//
// Names: participants renamed are the same people in the same places, and
// statements renamed the same statements, but for the last digits, for ties, and
// for the direction of an axis where two entries are equally large. Where the
// second and third axis explain equally much, any plane between them is as good,
// and the fixed start of the computation chooses.
//
// A vote moves everybody a little, since it moves the means and axes: results are
// not monotone, and a group may change its number. Two axes show the two largest
// divisions and hide the third. The groups are a description, not a finding: k-means
// finds groups also where there are none, and the silhouette only says which
// number of them is least bad. Participants who coordinate move the axes, and
// nothing here can tell. Significance is not corrected for looking at many
// statements.
//
// Nothing here hides anything: a place on the map is as good as a name to whoever
// knows how somebody voted. What is published is the matter of the room that
// publishes (a coarse grid, large groups, no ids).
//
// # Cost
//
// For n votes of p participants on s statements: [Votes.Cast] costs as much as the
// participant has votes. Where s² ≤ 2n, the first [Votes.Groups] counts every two
// votes of each participant together, Σ votes², once; after that a vote only
// corrects those counts, and a result costs 50 to 200 products of a vector with an
// s × s matrix. Where most people saw few of many statements (s² > 2n, or s above
// 2,048) those products are passes over the votes instead: that is less than
// counting, and nothing is kept for the next result but the tally itself. Besides, a
// result costs at most p × 100 distances 20 times over, k-means on at most 100 points
// from each of them, and one pass over the votes. Memory: 16 bytes a vote (up to
// twice that while it grows); with counts 16 bytes for every two statements, 8 more
// while they are first counted, and as much again for the matrix; without, 9 bytes a
// vote while a result is computed. Work is shared among up to 8 processors; how many
// there are changes nothing in the result.
//
// # Units
//
// Votes and centres are between -1 and 1; places are in the same unit times
// √statements. Shares are between 0 and 1, tests in standard errors.
//
// # Worked example
//
// Ana and Beto agree with statement 1 and disagree with 2; Carla and Dani the
// other way round; all agree with 3. The means are 0, 0 and 1. The rows less the
// means are (1,-1,0) twice and (-1,1,0) twice, so the first component is
// (√½, -√½, 0) and there is no second. Everybody voted on all, so the factor is 1:
// Ana and Beto are at x = √2, Carla and Dani at -√2. Two groups of two. In Ana's
// group 2 of 2 agree with statement 1: p = 3/4, z = 2·√3·(3/3 − ½) = √3; among the
// others 0 of 2: p = 1/4, ratio 3, z = (1 − ⅓)/√(⅔·⅓·⅔) = √3. Consensus: statement 3,
// 4 of 4, p = 5/6, z = √5; group-aware (3/4)² = 0.5625, and for the others
// 3/4 · 1/4 = 0.1875.
//
// # Files
//
// [Read] and [ReadStatements] take Polis' exports, [Result.File] writes the
// result; its statements carry Polis' own names (tid, n-success, …), so that the
// two can be compared line by line. Start reading at [Votes.Groups].
package cluster
