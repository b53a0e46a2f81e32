// Package sortition decides by lot who sits on a panel, when the panel must
// mirror a population and every volunteer should have as fair a chance as that
// allows.
//
// In comes a pool of volunteers with features (gender, age, municipality …),
// quotas (how many panel members at least and at most with each feature), and a
// number of seats. Out comes a lottery: panels that all keep the quotas, each with
// a weight. [Solve] computes it, [Draw] draws one panel with a public seed. The
// lottery is fixed and published first, the seed comes afterwards from a source
// announced in advance; nobody, whoever computes it, can then choose the panel.
//
// # The method
//
// Flanigan, Gölz, Gupta, Hennig and Procaccia, "Fair algorithms for selecting
// citizens' assemblies" (Nature 596, 2021). Maximin: the chance of the least
// likely volunteer is as large as possible. Leximin: then that of the second
// least likely, and so on; its chances are unique.
//
// People with equal features are interchangeable: they are one kind, a panel is a
// count for each kind, and all members of a kind have the same chance. With
// households (at most one person of each in a panel), people of households that
// are alike member for member are one kind as well. This costs nothing: averaging
// a lottery over exchanges of interchangeable people makes no minimum smaller.
//
// The solver looks for the chances that the quotas alone would allow if people
// could be divided (aim.go): a linear programme with a row for each quota. No
// lottery does better. It then generates panels (search.go, branch and bound)
// until a mixture of them has exactly these chances. Where none has, since panels
// of whole people can be more constrained than their quotas say, it climbs level
// by level as in the paper (lottery.go).
//
// # What is exact
//
// Floating point finds; whole numbers and fractions of math/big decide:
//   - Weights and chances are fractions. Weights sum to 1, chances to the number
//     of seats, every panel keeps every quota: checked for every result
//     ([Result.Verify]), which anyone can repeat.
//   - Optimality is proved by duality. For each level there are whole numbers, a
//     worth for each person, such that no panel is worth more than B (branch and
//     bound shows it, with a margin for every rounding) and the lottery is worth B
//     on average. Result.Bound is what this proves for the least chance;
//     Result.Optimal says that the proof is complete and without any gap.
//   - That quotas cannot be met is proved in the same way before anything else.
//     The conflict that is then named cannot be met, and can once any part of it is
//     dropped; the relaxation named has the least total change.
//
// The exact weights are the solution of a linear system (exact.go). Should it have
// fractions of more than some 2,700 digits, or should rounding have hidden its
// structure, weights are rounded to multiples of 10⁻¹² instead. Then Optimal is
// false and Bound tells how far, at most, the least chance is from the optimum.
//
// # What holds, and what does not
//
// Both rules treat people with equal features equally, and give everybody a
// positive chance who is in any feasible panel. Leximin is maximin, and Pareto
// optimal in chances. Neither is proof against people who misreport features, and
// pairs are not independent: which two sit together is not controlled. Maximin
// leaves open who gets what is left over; the result is then one of many.
//
// The same input gives the same bytes on every machine: kinds are sorted by name,
// ties go to the first, products are converted before they are added so that none
// is fused. People in another order change nothing; where they are numbered by
// their place, only these numbers.
//
// # Cost
//
// The integer programme has one variable a kind and one row a quota; finding a
// panel is NP-hard in general and takes milliseconds here. Quotas made to be hard
// end with an [*Unfinished] after 300,000 branches, on every machine at the same
// one; the largest pools tried took 11,000. A context ends the work within one
// branch. The master programme has a row a kind, n of them; each exchange costs
// O(n²), some n to 100 n are needed. Memory is O(n²), and n is 8,192 at most. At most about two panels more than kinds and people
// together are in the result, where households do not rotate.
//
// # Units
//
// Seats and people are counted; chances and weights are fractions of 1.
//
// # Worked example
//
// Two seats; quota: exactly one woman, exactly one man. The pool has one woman,
// Ana, and two men, Beto and Carlos. Panels: {Ana, Beto} and {Ana, Carlos}. Ana is
// in both: chance 1. The men are one kind, and have 1/2 each: maximin is 1/2, both
// weights are 1/2, and leximin's chances are 1/2, 1/2, 1. The proof of level 1:
// count 1 for each man and 0 for Ana; every panel is worth 1 at most, the lottery
// gives 2·1/2 = 1. With a minimum of two women (and no minimum of men), the conflict is "women: min 2"
// alone, since the pool has one, and the relaxation is min 1.
//
// Files are described in csv.go and file.go, the draw at [Draw]. Start reading at
// pool.go, then lottery.go.
package sortition
