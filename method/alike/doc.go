// Package alike tells whether two short Spanish texts ask the same, so that
// people can be shown what was asked before. It suggests; it decides nothing.
//
// # The score
//
// [Read] normalises a text: lower case, no accents, no punctuation, the
// apostrophes of Maya (' ’ ʼ) dropped, words reduced to their stems (Snowball's
// Spanish stemmer; "-ion" is given its accent back first, so that a text typed
// without accents has the same stems), small numbers written as words turned
// into digits. [Compare] then measures three things and keeps them apart
// ([Parts]):
//
//   - Shingles: the Jaccard similarity |A∩B| / |A∪B| of the sets of 3-word
//     shingles (Broder, "On the Resemblance and Containment of Documents",
//     SEQUENCES 1997). Where one of the two has fewer than 8 words, sets of
//     4-letter shingles instead.
//   - Words: how many of the words that carry meaning are shared, whatever their
//     order: |A∩B| / (|A∩B| + 0.8·m + 0.2·M), where m and M are the smaller and
//     the larger number of words that only one side has (Tversky, "Features of
//     Similarity", Psychological Review 1977; symmetric as in Jimenez, Becerra
//     and Gelbukh, *SEM 2013). Half a sentence finds the whole one.
//   - Numbers, Places, Names: whether the two name the same numbers, the same
//     places of the territory (a list that the caller hands in, [Places]), and
//     whether one has a proper name where the other has another.
//
// Score is Shingles, Near is Words; both are at most 0.5 ([Cap]) when numbers, places or names differ: two questions from one
// template about two towns are not the same question. Grouping goes by Score,
// hints while typing by Near.
//
// The comparison of names improves on the plain formula: no list knows every
// village, and in a text of 29 words or more one village for another moves the
// Jaccard similarity by less than 0.2. A name is a word with a capital that does
// not begin a sentence; it differs when each text has one that is no word at all
// of the other.
//
// # What holds
//
// Score, Near and all parts are symmetric, within [0, 1], and independent of the
// order in which texts come; Score is 1 for a text and
// itself, and so is Near unless no word of it carries meaning. They are ratios of
// small integers, each with one rounding, hence the same bits on every machine.
// Score is not transitive: a group ([Group]) is a connected component, so two
// texts of one group may be alike only by way of a third. The measure knows no
// synonyms and no negation. Shingles are compared by 64-bit hashes (FNV-1a): two
// different shingles are taken for one with probability 2⁻⁶⁴ a pair.
//
// # Grouping
//
// Comparing n texts pairwise is O(n²). [Group] draws candidates by MinHash and
// banding (Broder, Charikar, Frieze and Mitzenmacher, "Min-Wise Independent
// Permutations", STOC 1998; Leskovec, Rajaraman and Ullman, "Mining of Massive
// Datasets", chapter 3): b bands of r hashes make a pair with Jaccard similarity
// s a candidate with probability 1−(1−sʳ)ᵇ. r and b are chosen so that this is at
// least 0.999 at the threshold, with no more than 128 hashes where that can be.
// The seeds are fixed. The exact score decides, so precision is 1 and only
// recall is (barely) below it. Texts that are equal once normalised are compared
// once for all. Above the cap, texts with other numbers or places never meet in
// a bucket. Time O(n·b·r + candidates), memory about 1.5 KiB a text.
//
// [Index] answers "what is like this" one text at a time, exactly: an inverted
// list of the words that carry meaning, no hashing of sets. A question costs
// the length of the lists of its words.
//
// # Units
//
// Scores are dimensionless, 0 to 1. Texts are numbered from 0.
//
// # Worked example
//
// "¿Cuándo abrirá la clínica?" and "Cuando abrira la clinica" have the same four
// stems: below 8 words, so letters count: the sets are equal, 1. With "… la
// clínica de Tulum" and "… la clínica de Bacalar" the two share 22 shingles of
// 4 letters and have 32 together: 22/32 = 0.6875, and since Tulum and Bacalar
// differ, 0.5.
//
// Start reading in text.go, then score.go and group.go.
package alike
