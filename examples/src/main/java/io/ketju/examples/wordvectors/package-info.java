/** Word vectors by CBOW and skip-gram, each with negative sampling and with a tree. */
@NullMarked
package io.ketju.examples.wordvectors;

import org.jspecify.annotations.NullMarked;
