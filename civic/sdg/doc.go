// Package sdg is the Sustainable Development Goals as reference data: 17 goals,
// 169 targets, the codes of their indicators, the addresses under which the
// United Nations publish them, and the official colours.
//
// The labels are short ones of our own, in Spanish and English: the UN's
// sentences are theirs, and stand at the addresses. No icon and no wheel is
// shipped (their licence is not open): pages draw number tiles in the colours.
//
// A commitment names one to three targets, each with the reason why
// ([CheckChoices]): sixteen targets at once say nothing.
//
// In: data/labels.txt, data/indicators.txt (embedded). Out: [Goals], [Target],
// [Find], [Valid]. No database.
package sdg
