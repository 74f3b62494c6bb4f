/** The worker pool itself: how soon it helps, how well it shares, what it costs when idle. */
@NullMarked
package io.ketju.benchmarks.pool;

import org.jspecify.annotations.NullMarked;
