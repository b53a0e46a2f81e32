// Command glosa is the whole house in one program: the demonstration, the
// server, and the tools of whoever keeps or checks it. It only wires: what the
// program does is in package site and the rooms; here are the command line, the
// table from kinds of errors to exit codes, and the list of pages.
//
//	glosa demo                      a demonstration on http://127.0.0.1:8080
//	glosa serve --data DIR          a real installation
//	glosa load                      the territory, before the first edition
//	glosa protocol check FILE       the rules of an edition, for anybody
//	glosa migrate | invite | backup | restore   for whoever keeps the server
//	glosa verify URL|FOLDER|RECEIPT             for anybody
//	glosa method shares FILE.pb                 for anybody
//
// Configuration comes by flag, by environment (GLOSA_ and the flag in capitals,
// with _ for -) or by a file of flags given with --config. A database address
// with a password comes only by file or PGPASSFILE.
//
// Exit codes: 0 all is well; 1 something failed, or verification found a
// difference; 2 wrong input.
package main
