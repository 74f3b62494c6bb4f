/** The examples of docs/message-tests.md, as a program outside of Ketju would have them: public classes only. */
@NullMarked
package io.ketju.testkit.examples;

import org.jspecify.annotations.NullMarked;
