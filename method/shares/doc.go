// Package shares decides which items a budget pays for so that large groups do
// not take everything: the Method of Equal Shares and Phragmén's sequential rule,
// where every voter has a share of the money; sequential PAV; and the plain
// greedy count to compare them with.
//
// In Glosa the money is minutes. An item is a question, its cost the minutes
// it takes (asking, answering, one re-question), the budget is the hour, and a
// ballot is the set of questions that one person supports. The package knows
// nothing of that: amounts are integers in whatever unit the file uses.
//
// # Equal shares
//
// Peters and Skowron, "Proportionality and the Limits of Welfarism" (EC 2020);
// Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with
// Additive Utilities" (NeurIPS 2021).
//
// Each of n voters gets budget/n. An item is affordable when its supporters
// together still have its cost. It is paid by all of its supporters alike: each
// pays the same price p, and whoever has less than p left pays all that is
// left; p is the smallest amount that covers the cost. In each round the
// affordable item with the smallest p per unit of satisfaction is bought, until
// none is affordable. Satisfaction is 1 per item (cardinality) or the item's
// cost (cost).
//
// Where ballots give points (cumulative, scoring), an item is worth as many
// times that as it has points on the ballot, p is the price of one point, and
// supporters pay p for each of theirs. A ranking (ordinal) gives points by
// Borda's count: an item has as many points as items are ranked below it on the
// same ballot, the last one none.
//
// What is left over is used by a completion:
//   - none;
//   - utilitarian: further items by number of supporters (or of points), as they fit;
//   - approval: by number of supporters whatever points they gave, as they fit;
//   - phragmen: Phragmén's rule goes on with what is left of the shares;
//   - add1: the whole method anew with a larger share for everybody, step by
//     step, as long as the outcome's cost stays within the real budget;
//   - add1u: add1, then utilitarian. "add1u then utilitarian" is the same thing.
//
// A step of add1 is Rule.Increment units for each voter. When that is 0 it is
// one unit a voter (Pabulib's convention), unless the file asks for steps of one
// unit for the whole budget, shared by all ([StepBudget]), or a voter's share is
// below one unit (as in committee elections): with 90 minutes and 60 voters a
// whole minute more for each would be far too coarse. Result.Increment tells.
//
// # The other rules
//
// Seq-phragmen (Phragmén 1894; Brill, Freeman, Janson and Lackner, "Phragmén's
// Voting Methods and Justified Representation", Mathematical Programming 2024;
// for costs Los, Christoff and Grossi, IJCAI 2022): everybody earns money at the
// same pace, and as soon as the supporters of an item have its cost together
// they buy it and have nothing. The rule stops at the first item that does not
// fit into the budget. Its one notion of satisfaction is money: Satisfaction
// changes the EJR+ check alone.
//
// Seq-pav (Thiele 1895; Aziz and others, "Justified Representation in
// Approval-Based Committee Voting", 2017): the item with the largest gain is
// bought, as long as one fits; a supporter who has h of the items bought adds
// 1/(h+1). With cardinality satisfaction the gain is per unit of money; with cost
// satisfaction it is not, as in greedy. For equal costs that is the same.
//
// Greedy: by satisfaction per unit of money, as they fit; with cost satisfaction
// that is the number of supporters (or of points).
//
// Seq-phragmen, seq-pav and the completion phragmen are defined for approval
// ballots alone, and refuse others.
//
// # Ties
//
// Ties go to more supporters, then lower cost, then the smaller id by bytes. In
// a committee election ([ParseABC]) they go to the candidate listed first, all
// seats are filled (at last by candidates whom nobody supports), and add1 raises
// the budget by one seat's worth a step and stops within the step in which the
// last seat is filled. [AllTies] lists the outcomes of all orders of the items.
//
// # What holds
//
// Equal shares without completion satisfies EJR+ for equal costs (Brill and
// Peters, "Robust and Verifiable Proportionality Axioms for Multiwinner
// Voting", EC 2023), hence EJR and PJR, and EJR up to one item for other costs;
// it is priceable, and exhausted voters cannot take from others. The
// completions only add items, or raise everybody's share alike; they keep the
// priced outcome of the raised budget. It is not strategyproof, not committee
// monotonic, not exhaustive without completion, and add1 is not monotonic in
// the budget: it stops before the first overspending, though a still larger
// share might fit again.
//
// More support never hurts, without completion, in this sense: a voter who adds
// an item to the ballot does not cost it its place. Until it is bought nobody
// pays for it, so that everything goes as before, and it is bought no later. The
// same holds for a new ballot for that item alone, if the budget grows by one
// share. It does not hold for a new ballot equal to that of a supporter, not even
// for equal costs: that brings money to the other items of the ballot too, and one
// of them may come first and take what was to pay for this one. Nor does it hold
// for a ballot for the item alone where the budget stays: that makes every share
// smaller, so that an item may fail that had kept money from another. The tests
// have an example of each.
//
// Seq-phragmen is priceable and committee monotonic and satisfies PJR, but not
// EJR+ nor EJR; it may stop with money left that would buy a cheaper item.
// Seq-pav satisfies none of these axioms for large committees, but comes close
// in practice. Greedy is exhaustive and monotone but satisfies no
// proportionality axiom: 51 % of the voters may take everything.
//
// Each Result carries the price of every item bought (its price system), for
// every other item the reason, and an EJR+ check with a witness: see [Axiom].
//
// # Exactness and cost
//
// Every decision is exact. Amounts are integers over one common denominator
// (math/big); floating point only sorts out what is clearly apart, with an
// error bound, and whatever lies within the bound is compared exactly. Same
// input, same bytes, on every machine. A run costs O(rounds × approvals) at
// worst; since prices, loads and money per gain never fall, most items need no
// second look. Add1 repeats it. Steps that change nothing but amounts are taken
// many at once, with the same result (leap.go), so that a budget of billions in
// steps of one unit ends; where the prices of two items fall alike with each step it
// cannot be shown that nothing changes, and 20,000 runs are the end, with an error.
// Outcomes of ties can be exponentially many: AllTies follows what depends on order,
// up to a bound, and then gives up with an error.
//
// # Worked examples
//
// Budget 6 minutes, three questions of 2 minutes. Voters 1 and 2 support a and
// b, voter 3 supports c; a and b have 2 supporters, c has 1. Each voter has
// 2 minutes. Round 1: a costs its supporters 1 each, b too, c would cost
// voter 3 all of 2: a is bought (same price and count as b, same cost, smaller
// id). Round 2: b, again at 1 each. Round 3: c, at 2. All three are bought. With a
// budget of 4 the shares are 4/3: a at 1 each leaves voters 1 and 2 with 1/3,
// and b's 2/3 fall short of 2 by 4/3; c's 4/3 fall short by 2/3. Add1 in steps of
// one unit for the whole budget: at 5 (5/3 each) still only a. At 6 the outcome would cost 6
// > 4, so add1 stops at 5 with a alone, and add1u adds b (2 supporters).
//
// Phragmén, budget 4: at time 1 voters 1 and 2 have 2 minutes together and buy
// a. At time 2 they could buy b (1 each again), and voter 3 could buy c; b has more
// supporters. The completion phragmen after equal shares: 1 and 2 have 1/3
// left, 3 has 4/3; 2/3 later voter 3 has 2 and buys c, and b would
// have come at the same moment: 2 × (1/3 + 2/3) = 2. The tie goes to b.
//
// Sequential PAV, budget 4: a and b gain 2 for 2 minutes, c gains 1. After a, b
// gains 1/2 + 1/2, as much as c; more supporters: b.
//
// Greedy, budget 4: a, then b.
//
// Points, budget 4, two voters with 2 each: voter 1 gives a 3 points and b 1,
// voter 2 gives each 2; both cost 4. A point of a costs 4/5 if all pay in full:
// voter 1 would pay 12/5 and has 2, so that voter 2 pays the other 2 for 2
// points: 1 a point. A point of b costs 2: voter 2 has only 2 of 2 × 4/3, and
// voter 1 pays the other 2 for one point. So a is bought, and nothing is left.
//
// # Files
//
// [Parse] and [Write] speak Pabulib's .pb, so that pabutools or equalshares.net
// can redo our results and we theirs; [ParseABC] reads abcvoting's committees.
// Start reading at [Run].
package shares
