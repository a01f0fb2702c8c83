// Package browsertest uses the pages in a real browser, as a student does: it chooses pictures, moves the probe, draws digits,
// drags sliders, answers questions, with and without JavaScript, on wide and narrow screens, and checks every page against
// the accessibility rules of axe-core. It has no code of its own. What a page contains is tested beside its handler, in package
// web; what happens between a page and a person is tested here.
//
// The tests drive Chromium. They look for it in $STRIDE_BROWSER, then on the path, and are skipped where there is none, unless
// REQUIRE_BROWSER=1 makes that an error. Any message of the console above the level of a note fails the test that caused it;
// so does anything that the pages' content security policy refuses.
//
// Start reading at main_test.go, which starts one server and one browser for all tests, and at tab_test.go: a tab is a visitor.
package browsertest
