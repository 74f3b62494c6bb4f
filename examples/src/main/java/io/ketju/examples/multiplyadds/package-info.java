/** Blocks that compute less: accuracy against multiply-adds. */
@NullMarked
package io.ketju.examples.multiplyadds;

import org.jspecify.annotations.NullMarked;
