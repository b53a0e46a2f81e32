// Package shares decides which items a budget pays for when each voter has an
// equal share of it: the Method of Equal Shares, and the plain greedy count to
// compare it with.
//
// In Glosa the money is minutes. An item is a question, its cost the minutes
// it takes (asking, answering, one re-question), the budget is the hour, and a
// ballot is the set of questions that one person supports. The package knows
// nothing of that: amounts are integers in whatever unit the file uses.
//
// # The method
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
// What is left over is used by a completion:
//   - none;
//   - utilitarian: further items by number of supporters, as they fit;
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
// Ties go to more supporters, then lower cost, then the smaller id by bytes.
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
// share might fit again. Greedy is exhaustive and monotone but satisfies no
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
// worst; since prices never fall, most items need no second look. Add1 repeats it.
//
// # Worked example
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
// # Files
//
// [Parse] and [Write] speak Pabulib's .pb, so that pabutools or equalshares.net
// can redo our results and we theirs. Start reading at [Run].
package shares
