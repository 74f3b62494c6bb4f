/** The program of the page about pictures: a run with a live page beside it. */
@NullMarked
package io.ketju.web.examples;

import org.jspecify.annotations.NullMarked;
